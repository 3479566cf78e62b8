"""A bunch of submissions staged one by one, and what they share: one look at what is staged
already, one connection, and what was read ahead of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.duck import open_memory
from pipelines.errors import QuarantineError
from pipelines.intake.inbox import hold, quarantine
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.ahead import read_ahead
from pipelines.staging.opened import Opened
from pipelines.staging.prepare import Prepared, prepare
from pipelines.staging.rows import submission_key
from pipelines.staging.shard import (
    Shard,
    ShardError,
    add_shard,
    read_sidecar,
    remove_superseded,
    sidecars_by_submission,
)
from pipelines.staging.tools import Tools


class Desk:
    """Where submissions are staged. Made by :func:`at_desk`."""

    def __init__(self, folders: Sequence[Path], tools: Tools, settings: Settings, keys: Keys):
        self._tools, self._settings, self._keys = tools, settings, keys
        self._names = {folder: submission_key(folder.name, keys).hex() for folder in folders}
        self._before = sidecars_by_submission(settings.staged, self._names.values())
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._staged: list[Shard] = []
        self._ahead: dict[Path, Opened] = {}

    def read_ahead(self) -> None:
        """The texts of what is not staged yet, together."""
        folders = [folder for folder, name in self._names.items() if not self._before[name]]
        self._ahead = read_ahead(folders, self._tools, self._settings, self._keys)

    def process(self, folder: Path) -> dict[str, int]:
        """Stage it or quarantine it; counts of what happened, none where it has gone."""
        with hold(folder) as there:
            if not there:
                return {}
            if self._is_staged(folder):
                return {"already_staged": 1}
            try:
                shard = self.stage(folder)
            except QuarantineError as error:
                quarantine(folder, error.reason, self._settings, error.counts)
                return {"quarantined": 1}
            return {"staged": 1, "rows": shard.counts.staged}

    def stage(self, folder: Path) -> Shard:
        """Read, de-identify and classify, and write the shard. Raises as ``stage_submission``."""
        prepared = prepare(
            folder, self._ahead.pop(folder, None), self._tools, self._settings, self._keys
        )
        shard = self._write(folder, prepared)
        self._staged.append(shard)
        return shard

    def _write(self, folder: Path, prepared: Prepared) -> Shard:
        if self._connection is None:
            self._connection = open_memory(self._keys.data)
            self._connection.execute("SET threads = 1")  # each core has a worker of its own
        return add_shard(
            self._connection,
            self._settings.staged,
            prepared.rows,
            prepared.counts,
            submission_key=self._names[folder],
            received_at=prepared.received_at,
            versions=self._tools.versions,
        )

    def _is_staged(self, folder: Path) -> bool:
        shard = _current(self._before[self._names[folder]], self._tools.versions)
        if shard:
            self._staged.append(shard)  # a crash may have come between writing and removing
        return shard is not None

    def clear(self) -> None:
        """Drop what other versions of the models made of what is staged now."""
        remove_superseded(self._staged)

    def leave(self) -> None:
        """Forget what is raw: an exception on its way out shows it to nobody."""
        self._ahead.clear()
        if self._connection is not None:
            self._connection.close()


@contextmanager
def at_desk(
    folders: Sequence[Path], tools: Tools, settings: Settings, keys: Keys
) -> Iterator[Desk]:
    """A desk for a bunch of submissions, cleared afterwards."""
    desk = Desk(folders, tools, settings, keys)
    try:
        yield desk
        desk.clear()
    finally:
        desk.leave()


def not_staged(
    folders: Iterable[Path], versions: Mapping[str, str], settings: Settings, keys: Keys
) -> list[Path]:
    """Submissions without a shard made by these versions of the models; what others made of the
    rest is dropped. One whose sidecar is damaged is among them: staging says so.
    """
    names = {folder: submission_key(folder.name, keys).hex() for folder in folders}
    sidecars = sidecars_by_submission(settings.staged, names.values())
    found: list[Shard] = []
    left: list[Path] = []
    for folder, name in names.items():
        try:
            shard = _current(sidecars[name], versions)
        except ShardError:
            shard = None
        if shard is None:
            left.append(folder)
        else:
            found.append(shard)
    remove_superseded(found)
    return left


def _current(sidecars: Iterable[Path], versions: Mapping[str, str]) -> Shard | None:
    shards = (read_sidecar(path) for path in sidecars)
    return next((s for s in shards if s.model_versions == versions and s.path.exists()), None)
