"""From one data key to the next: shards, the warehouse, what releases counted.

Whatever opens with the next key is done, so that a run that was killed goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from pipelines.duck import allow_shards, file_sha256, open_memory, read_sql
from pipelines.release.baseline import reseal_baselines
from pipelines.settings import Settings
from pipelines.staging.shard import (
    Shard,
    ShardError,
    find_shards,
    publish_file,
    sidecar,
    write_sidecar,
)
from pipelines.warehouse.compact import compact
from pipelines.warehouse.connect import WrongKeyError, open_warehouse
from pipelines.warehouse.load import record_files

BEFORE = "staged_before"
"""The name of the key that shards had, as ``sql/staging/reencrypt_shard.sql`` calls it."""


def reencrypt_data(settings: Settings, before: str, after: str) -> dict[str, int]:
    """Encrypt everything of the data key ``before`` with ``after``; how many files were not yet.

    Raises ``ShardError`` for a shard that neither opens, ``CallerError`` where another process has
    the warehouse, ``CompactionError`` where the disk has no room for a copy of it.
    """
    shards, written = _reencrypt_shards(settings.staged, before, after)
    return {
        "shards": written,
        "warehouses": _reencrypt_warehouse(settings.warehouse, shards, before, after),
        "baselines": reseal_baselines(settings, before, after),
    }


def _reencrypt_shards(folder: Path, before: str, after: str) -> tuple[list[Shard], int]:
    """Every finished shard as it is then. What is unfinished is removed: it is staged again."""
    shards = find_shards(folder)
    finished = {path for shard in shards for path in (shard.path, sidecar(shard.path))}
    for path in sorted(folder.glob("*")):
        if path not in finished:
            path.unlink()
    with open_memory(after) as connection:
        allow_shards(connection, before, BEFORE)
        done = [_reencrypt(connection, shard) for shard in shards]
    return done, sum(
        new.file_sha256 != old.file_sha256 for new, old in zip(done, shards, strict=True)
    )


def _reencrypt(connection: duckdb.DuckDBPyConnection, shard: Shard) -> Shard:
    if not _opens(connection, shard.path):
        partial = shard.path.with_suffix(".parquet.partial")
        paths = {"path": str(shard.path), "shard": str(partial)}
        try:
            connection.execute(read_sql("staging/reencrypt_shard.sql"), paths)
        except duckdb.Error:  # it could quote a row
            partial.unlink(missing_ok=True)
            raise ShardError(
                f"{shard.path} could not be written again with the next key: is it damaged, or the "
                "disk full? It is as it was: put it right, or delete it with its sidecar and stage "
                "its submission again afterwards; then run again."
            ) from None
        publish_file(partial, shard.path)
    now = replace(shard, file_sha256=file_sha256(shard.path))
    if now != shard:
        write_sidecar(now)
    return now


def _opens(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    try:
        connection.execute(read_sql("staging/opens.sql"), {"path": str(path)})
    except duckdb.Error:
        return False
    return True


def _reencrypt_warehouse(path: Path, shards: Sequence[Shard], before: str, after: str) -> int:
    if not path.exists():
        return 0
    try:
        with open_warehouse(path, before) as connection:
            record_files(connection, shards)
    except WrongKeyError:
        with open_warehouse(path, after):
            return 0
    compact(path, before, after)
    return 1
