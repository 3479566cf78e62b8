"""Retention: what is no longer needed goes by itself. docs/retention.md gives the reasons.

Ages count from the day of receipt; in quarantine, from the day a submission got there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.duck import open_memory, read_sql
from pipelines.erasure.files import remove_folder
from pipelines.erasure.withdraw import one_at_a_time
from pipelines.errors import QuarantineError
from pipelines.intake.inbox import hold, pending, quarantined, read_reason
from pipelines.intake.manifest import read_manifest
from pipelines.intake.receipt import RECEIPT, keep_receipt
from pipelines.intake.source import MANIFEST
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.expire import drop_text
from pipelines.staging.rows import submission_key
from pipelines.staging.shard import Shard, find_shards
from pipelines.storage.copies import forget
from pipelines.warehouse.compact import compact
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger
from pipelines.warehouse.load import record_files

INTERRUPTED_AFTER = timedelta(days=1)
"""A submission is sealed in minutes: what is unfinished a day later never will be."""

Loaded = dict[str, str]
"""Hash of the shard that each loaded submission's rows came from, by its key in hexadecimal."""


def retain(settings: Settings, keys: Keys, now: datetime) -> dict[str, int]:
    """Drop what is due at ``now``; counts of it. Doing so again changes nothing.

    Nothing that is not in the warehouse yet is dropped with its sealed export. Raises
    ``CallerError`` where another process has the warehouse, ``LedgerError`` where the warehouse
    does not reconcile.
    """
    with one_at_a_time(settings):
        texts, loaded = _drop_texts(settings, keys, now)
        done = Counter(
            texts_dropped=texts,
            sealed_exports_removed=_drop_sealed(settings, keys, now, loaded),
            quarantined_removed=_drop_quarantined(settings, keys, now, loaded),
            interrupted_submissions_removed=_drop_interrupted(settings, keys, now, loaded),
        )
        forget(settings, keys)
        if settings.warehouse.exists():
            compact(settings.warehouse, keys.data)
        return dict(done)


def _drop_texts(settings: Settings, keys: Keys, now: datetime) -> tuple[int, Loaded]:
    """Texts dropped from the warehouse and, first, from the shards it was loaded from."""
    if not settings.warehouse.exists():
        return 0, {}
    before = now - timedelta(days=settings.text_retention_days)
    with open_warehouse(settings.warehouse, keys.data) as connection:
        loaded = dict(connection.execute(read_sql("warehouse/loaded.sql")).fetchall())
        shards = [
            s for s in find_shards(settings.staged) if loaded.get(s.submission_key) == s.sha256
        ]
        record_files(connection, _without_old_texts(shards, before, keys))
        moment = before.astimezone(UTC).replace(tzinfo=None)
        (texts,) = connection.execute(
            read_sql("erasure/drop_text.sql"), {"before": moment}
        ).fetchall()[0]
        read_ledger(connection)
    return int(texts), loaded


def _without_old_texts(shards: Iterable[Shard], before: datetime, keys: Keys) -> list[Shard]:
    """The shards whose texts are dropped, by now or before."""
    connection = open_memory(keys.data)
    try:
        return [
            shard if shard.text_dropped else drop_text(connection, shard)
            for shard in shards
            if shard.received_at < before
        ]
    finally:
        connection.close()


def _drop_sealed(settings: Settings, keys: Keys, now: datetime, loaded: Loaded) -> int:
    before = now - timedelta(days=settings.sealed_retention_days)
    due = [
        folder
        for folder in pending(settings)
        if submission_key(folder.name, keys).hex() in loaded and _received(folder, now) < before
    ]
    return sum(_remove(folder, settings, keys, loaded) for folder in due)


def _drop_quarantined(settings: Settings, keys: Keys, now: datetime, loaded: Loaded) -> int:
    before = now - timedelta(days=settings.quarantine_retention_days)
    due = [
        folder
        for folder in quarantined(settings)
        if datetime.fromisoformat(str(read_reason(folder)["at"])) < before
    ]
    return sum(_remove(folder, settings, keys, loaded) for folder in due)


def _drop_interrupted(settings: Settings, keys: Keys, now: datetime, loaded: Loaded) -> int:
    """What a process that was killed left: half sealed, or half removed."""
    before = (now - INTERRUPTED_AFTER).timestamp()
    due = [folder for folder in _unfinished(settings) if folder.stat().st_mtime < before]
    return sum(_remove(folder, settings, keys, loaded) for folder in due)


def _unfinished(settings: Settings) -> Iterator[Path]:
    for parent in (settings.inbox, settings.quarantine):
        for folder in sorted(parent.glob("*")):
            hidden = folder.name.startswith(".")
            if folder.is_dir() and (hidden or not (folder / MANIFEST).exists()):
                yield folder


def _remove(folder: Path, settings: Settings, keys: Keys, loaded: Loaded) -> bool:
    """Remove a submission's sealed export. Its receipt is kept while the warehouse has its rows;
    where it has none, a shard of it goes too.
    """
    key = submission_key(folder.name, keys).hex()
    with hold(folder, alone=True) as there:
        if not there:
            return False
        if key in loaded and (folder / RECEIPT).exists():
            keep_receipt(folder, key, settings.receipts)
        if key not in loaded:
            for path in sorted(settings.staged.glob(f"{key}-*")):
                path.unlink()
        remove_folder(folder)
        return True


def _received(folder: Path, now: datetime) -> datetime:
    """When; ``now``, so never due, where the manifest does not say: intake quarantines it."""
    try:
        return read_manifest((folder / MANIFEST).read_bytes()).received_at
    except QuarantineError:
        return now
