"""What each gate looks at, as DuckDB views (``sql/validate``): nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

import duckdb

from pipelines.duck import SQL, allow_shards, connect, in_any_order, literal, read_sql
from pipelines.errors import CallerError, GateError
from pipelines.prevalence.drift import Comparison, present

RELEASE_TABLES = (
    *("trends.csv", "habits.csv", "challenge.csv", "impact.csv", "effects.csv"),
    "manifest.json",
)
HELD_ROWS = 500_000  # of staged shards at most, 0.9 kB of memory each: a third of DuckDB's limit
PRIVATE_TABLES = ("private.csv", "manifest.json")


@contextmanager
def staged_tables(shards: list[Path], key: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Views ``message``, ``shard``, ``force``, ``category`` over encrypted shards and sidecars."""
    with _connection() as connection:
        allow_shards(connection, key)
        _set(connection, "shards", [str(path) for path in shards])
        _set(connection, "sidecars", [str(path.with_suffix(".json")) for path in shards])
        with _readable("staged", "the staged shards"):
            connection.execute(read_sql("validate/staged.sql"))
            _hold(connection)
        yield connection


def _hold(connection: duckdb.DuckDBPyConnection) -> None:
    """Read the shards once, where memory allows: each expectation would open all of them again."""
    ((rows,),) = connection.sql("SELECT coalesce(sum(staged), 0) FROM shard").fetchall()
    if rows <= HELD_ROWS:
        with in_any_order(connection):
            connection.execute("CREATE TABLE held AS FROM message")
        connection.execute("CREATE OR REPLACE VIEW message AS FROM held")


@contextmanager
def warehouse_tables(
    path: Path, key: str, reference: Sequence[Comparison] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Views over the encrypted warehouse, attached read-only, and the table ``reference``: what a
    classifier makes of the fixed sample, by default the one in use.
    """
    if not path.exists():
        raise CallerError(f"No warehouse at {path}: load a submission first with `candour run`.")
    with _connection() as connection:
        options = f"READ_ONLY, ENCRYPTION_KEY {literal(key)}"
        try:
            connection.execute(f"ATTACH {literal(str(path))} AS warehouse ({options})")
        except duckdb.Error:
            raise GateError(
                f"The warehouse gate could not open {path}: is it in use, or the key another?"
            ) from None  # the statement holds the key
        _create_views(connection, "warehouse", str(path))
        rows = present() if reference is None else reference
        connection.executemany("INSERT INTO reference VALUES (?, ?, ?, ?, ?)", map(astuple, rows))
        yield connection


@contextmanager
def release_tables(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Views over a release's files, every field as text, and ``file`` with their names."""
    with _folder_tables("release", folder, RELEASE_TABLES) as connection:
        yield connection


@contextmanager
def private_tables(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same of a private release."""
    with _folder_tables("private", folder, PRIVATE_TABLES) as connection:
        yield connection


@contextmanager
def _folder_tables(
    gate: str, folder: Path, needed: tuple[str, ...]
) -> Iterator[duckdb.DuckDBPyConnection]:
    missing = [name for name in needed if not (folder / name).is_file()]
    if missing:
        raise GateError(f"The {gate} gate stopped: {folder} lacks {', '.join(missing)}.")
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    with _connection() as connection:
        _set(connection, "release", str(folder))
        _set(connection, "names", names)
        _create_views(connection, gate, str(folder))
        yield connection


@contextmanager
def _connection() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect()
    try:
        _set(connection, "seeds", str(SQL / "seeds"))
        yield connection
    finally:
        connection.close()


def _set(connection: duckdb.DuckDBPyConnection, name: str, value: object) -> None:
    connection.execute(f"SET VARIABLE {name} = ?", [value])


def _create_views(connection: duckdb.DuckDBPyConnection, gate: str, what: str) -> None:
    with _readable(gate, what):
        connection.execute(read_sql(f"validate/{gate}.sql"))


@contextmanager
def _readable(gate: str, what: str) -> Iterator[None]:
    """Raises ``GateError`` where what is read within cannot be."""
    try:
        yield
    except duckdb.Error:
        raise GateError(
            f"The {gate} gate stopped the run: {what} could not be read: damaged, or the "
            "data key is another. Put back from a backup what is wrong."
        ) from None  # it may quote a row
