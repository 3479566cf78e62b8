"""Open the one encrypted DuckDB file. One process writes; nothing else may then have it open."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.disk import DiskFullError, is_disk_full
from pipelines.duck import connect, literal
from pipelines.errors import CallerError, CandourError
from pipelines.private_files import OWNER_ONLY
from pipelines.warehouse.migrate import migrate

PATIENCE_S = 5  # a judgement takes a tenth of a second, a load minutes: wait for the first
RETRY_S = 0.1


log = logging.getLogger(__name__)


class WarehouseBusyError(CallerError):
    """Another process has the warehouse open."""


class WrongKeyError(CallerError):
    """The warehouse was made with another key."""


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """One task at a time has the warehouse at ``path``; others wait for it, however they were
    started. Airflow's pool does as much for one Airflow alone. Comes before any other lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.warning("Another task has %s: waiting until it has finished.", path)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def open_warehouse(
    path: Path, key: str, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection with the warehouse attached and in use, its schema up to date.

    Spill files go beside the warehouse, encrypted. A writer creates the file if it is missing.
    Raises ``CallerError`` for a wrong key or a damaged file, ``WarehouseBusyError`` for one that
    another process still holds after ``PATIENCE_S`` seconds.
    """
    with _private_files():
        connection = connect()
        try:
            connection.execute("SET temp_directory = " + literal(str(spill_folder(path))))
            _attach(connection, path, key, read_only)
            if not read_only:
                migrate(connection)
            yield connection
        finally:
            connection.close()


def spill_folder(path: Path) -> Path:
    """Where the warehouse at ``path`` spills."""
    return path.with_name(path.name + ".spill")


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, key: str, read_only: bool) -> None:
    if read_only and not path.exists():
        raise CallerError(f"No warehouse at {path}: load a submission first with `candour run`.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _create(connection, path, key)
    options = f"ENCRYPTION_KEY {literal(key)}" + (", READ_ONLY" if read_only else "")
    statement = f"ATTACH {literal(str(path))} AS warehouse ({options})"
    give_up = time.monotonic() + PATIENCE_S
    while (problem := _try(connection, statement, path)) is not None:
        if not isinstance(problem, WarehouseBusyError) or time.monotonic() > give_up:
            raise problem
        time.sleep(RETRY_S)
    connection.execute("USE warehouse")


def _create(connection: duckdb.DuckDBPyConnection, path: Path, key: str) -> None:
    """Make an empty warehouse under another name and rename it: one that a crash or a full disk
    leaves half made never opens again.
    """
    fresh = path.with_name(path.name + ".new")
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # another process may be making it
        if path.exists():
            return
        fresh.unlink(missing_ok=True)
        attach = f"ATTACH {literal(str(fresh))} AS fresh (ENCRYPTION_KEY {literal(key)})"
        problem = _try(connection, attach, path)
        if problem is not None:
            fresh.unlink(missing_ok=True)
            raise problem
        connection.execute("DETACH fresh")
        fresh.replace(path)
        os.fsync(handle)
    finally:
        os.close(handle)


def _try(connection: duckdb.DuckDBPyConnection, attach: str, path: Path) -> CandourError | None:
    try:
        connection.execute(attach)
    except duckdb.Error as error:
        return _explain(error, path)  # not chained: the statement holds the key
    return None


def _explain(error: duckdb.Error, path: Path) -> CandourError:
    text = str(error)
    if is_disk_full(error):
        return DiskFullError(path.parent)
    if "Wrong encryption key" in text:
        return WrongKeyError(
            f"The data key does not open {path}: use the key this collection was made with."
        )
    if "lock" in text.lower():
        return WarehouseBusyError(
            f"{path} is in use by another process: wait until it has finished, then run again."
        )
    return CallerError(
        f"{path} is not a warehouse of this collection, or is damaged: restore it from backup."
    )


@contextmanager
def _private_files() -> Iterator[None]:
    """Whatever DuckDB creates (database, log, spill) is readable by its owner alone."""
    before = os.umask(OWNER_ONLY)
    try:
        yield
    finally:
        os.umask(before)
