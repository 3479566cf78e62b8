"""Rewrite the warehouse so that what was deleted is in no byte of it.

DuckDB marks the blocks of deleted rows as free and leaves their bytes. A copy of what is left, in a
file of its own, has no such blocks; one rename puts it in the old file's place.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from pipelines.duck import literal
from pipelines.errors import CandourError
from pipelines.warehouse.connect import open_warehouse, spill_folder


class CompactionError(CandourError):
    """The warehouse could not be rewritten; it is as it was."""


def compact(path: Path, key: str, fresh_key: str | None = None) -> None:
    """Rewrite the warehouse at ``path``: the same rows in a fresh encrypted file, and no log or
    spill file beside it. ``fresh_key`` is its key from then on, where it is to be another.

    A crash leaves the old file or the new one. Raises ``CallerError`` where another process has
    the warehouse, ``CompactionError`` where there is no room for a copy.
    """
    fresh = path.with_name(path.name + ".fresh")
    log = fresh.with_name(fresh.name + ".wal")
    with open_warehouse(path, key) as connection:
        shutil.rmtree(spill_folder(path), ignore_errors=True)  # of a process that was killed
        for left_over in (fresh, log):
            left_over.unlink(missing_ok=True)
        try:
            connection.execute("CHECKPOINT warehouse")  # a log would be replayed into the new file
            _copy(connection, fresh, fresh_key or key)
        except duckdb.Error:  # the statement holds the key
            fresh.unlink(missing_ok=True)
            log.unlink(missing_ok=True)
            raise CompactionError(
                f"{path} could not be rewritten: is there room on the disk for a second copy? "
                "It is as it was; run again."
            ) from None
        _sync(fresh)
        fresh.replace(path)  # while the old file is held: nobody opens it in between
        _sync(path.parent)


def _copy(connection: duckdb.DuckDBPyConnection, fresh: Path, key: str) -> None:
    connection.execute(f"ATTACH {literal(str(fresh))} AS fresh (ENCRYPTION_KEY {literal(key)})")
    connection.execute("COPY FROM DATABASE warehouse TO fresh")
    connection.execute("DETACH fresh")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
