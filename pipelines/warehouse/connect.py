"""Open the one encrypted DuckDB file. One process writes; nothing else may then have it open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.duck import connect, literal
from pipelines.errors import CallerError
from pipelines.warehouse.migrate import migrate

OWNER_ONLY = 0o077


@contextmanager
def open_warehouse(
    path: Path, key: str, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection with the warehouse attached and in use, its schema up to date.

    Spill files go beside the warehouse, encrypted. A writer creates the file if it is missing.
    Raises ``CallerError`` for a wrong key, a damaged file, or one that another process holds.
    """
    with _private_files():
        connection = connect()
        try:
            spill = path.with_name(path.name + ".spill")
            connection.execute("SET temp_directory = " + literal(str(spill)))
            _attach(connection, path, key, read_only)
            if not read_only:
                migrate(connection)
            yield connection
        finally:
            connection.close()


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, key: str, read_only: bool) -> None:
    if read_only and not path.exists():
        raise CallerError(f"No warehouse at {path}: load a submission first with `candour run`.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = f"ENCRYPTION_KEY {literal(key)}" + (", READ_ONLY" if read_only else "")
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS warehouse ({options})")
    except duckdb.Error as error:
        raise CallerError(_explain(error, path)) from None  # the statement holds the key
    connection.execute("USE warehouse")


def _explain(error: duckdb.Error, path: Path) -> str:
    text = str(error)
    if "Wrong encryption key" in text:
        return f"The data key does not open {path}: use the key this collection was made with."
    if "lock" in text.lower():
        return f"{path} is in use by another process: wait until it has finished, then run again."
    return f"{path} is not a warehouse of this collection, or is damaged: restore it from backup."


@contextmanager
def _private_files() -> Iterator[None]:
    """Whatever DuckDB creates (database, log, spill) is readable by its owner alone."""
    before = os.umask(OWNER_ONLY)
    try:
        yield
    finally:
        os.umask(before)
