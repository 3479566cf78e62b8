"""Stages a batch on every core. Only paths and counts cross between processes, never text.

Each worker loads the tools and the keys itself and opens the sealed submissions it is given by
path; what it remembers of texts stays in it. A failure crosses as one sentence without content. A
submission that takes too long or kills its worker is quarantined, and the others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines.disk import DiskFullError, is_disk_full
from pipelines.errors import CandourError, Reason
from pipelines.intake.inbox import hold, quarantine, sealed_bytes
from pipelines.keys import Keys, in_use, load_keys
from pipelines.no_dumps import forbid_core_dumps
from pipelines.settings import Settings
from pipelines.staging.crew import READY, Outcome, Work, WorkerError, work_through
from pipelines.staging.right_keys import check_keys
from pipelines.staging.rows import submission_key
from pipelines.staging.shard import find_shards
from pipelines.staging.stage import NOTHING_DONE, Tools, process_batch


@dataclass(frozen=True, slots=True)
class _Kit:
    """What a worker process needs, loaded in it."""

    tools: Tools
    settings: Settings
    keys: Keys

    @classmethod
    def load(cls, settings: Settings) -> _Kit:
        forbid_core_dumps()
        return cls(Tools.load(settings.name_model), settings, load_keys(settings.keys))


def stage_batch(folders: Sequence[Path], settings: Settings) -> dict[str, int]:
    """As :func:`process_batch`, on ``settings.stage_workers`` processes at most.

    Raises ``WorkerError`` once every other submission is done, ``CallerError`` before any is where
    the keys are another collection's.
    """
    with in_use(settings.keys):
        keys = load_keys(settings.keys)
        check_keys(settings, keys)
        if settings.stage_workers == 0:
            kit = _Kit.load(settings)
            return process_batch(folders, kit.tools, kit.settings, kit.keys)
        return stage_all(folders, settings, keys)


def stage_all(
    folders: Sequence[Path], settings: Settings, keys: Keys, work: Work | None = None
) -> dict[str, int]:
    """``stage_batch`` in worker processes, each of which runs ``work``."""
    largest_first = sorted(folders, key=sealed_bytes, reverse=True)
    known = {shard.path for shard in find_shards(settings.staged)}
    total, failures = Counter(NOTHING_DONE), []
    for outcome in work_through(largest_first, settings.stage_workers, work or _work, settings):
        if outcome.ended:
            total.update(_put_away(outcome.folder, outcome.ended, known, settings, keys))
        elif outcome.failure:
            failures.append(outcome.failure)
        total.update(outcome.counts)
    if failures:
        raise WorkerError(failures[0])
    return dict(total)


def _put_away(
    folder: Path, why: Reason, known: set[Path], settings: Settings, keys: Keys
) -> dict[str, int]:
    """Quarantine what ended its worker, unless it was staged and only the word of that is lost."""
    with hold(folder) as there:
        if not there:
            return {}
        shards = find_shards(settings.staged, submission_key(folder.name, keys).hex())
        for shard in shards:
            if shard.path not in known:
                return {"staged": 1, "rows": shard.counts.staged}
        quarantine(folder, why, settings, {"seconds_allowed": settings.submission_seconds})
    return {"quarantined": 1}


def _work(settings: Settings, connection: Connection) -> None:
    """A worker process: stage one submission after another until nobody asks any more."""
    try:
        kit = _Kit.load(settings)
    except CandourError as error:
        connection.send(str(error).rstrip("."))
        return
    except Exception as error:
        kind = type(error).__name__
        connection.send(f"a process could not load its models and keys ({kind})")
        return
    connection.send(READY)
    while True:
        try:
            folder = connection.recv()
        except EOFError:
            return
        connection.send(_stage(folder, kit))


def _stage(folder: Path, kit: _Kit) -> Outcome:
    """Whatever is raised ends here, for it could quote the chat."""
    try:
        counts = process_batch([folder], kit.tools, kit.settings, kit.keys)
        return Outcome(folder, counts)
    except CandourError as error:
        return Outcome(folder, failure=str(error))
    except Exception as error:
        if is_disk_full(error):
            return Outcome(folder, failure=str(DiskFullError(kit.settings.home)))
        kind = type(error).__name__
        return Outcome(folder, failure=f"Submission {folder.name} could not be staged ({kind}).")
