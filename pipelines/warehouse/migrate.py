"""Bring a warehouse's schema up to date: each ``sql/schema/NNN_*.sql`` runs once, in order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import duckdb

from pipelines.duck import SQL, read_sql, transaction
from pipelines.errors import CallerError


@dataclass(frozen=True, slots=True)
class Migration:
    """One schema file. ``digest`` is the SHA-256 of its text."""

    version: int
    name: str
    text: str
    digest: str


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Apply what is missing, each file in a transaction of its own, and refresh the dimensions.

    Raises ``CallerError`` where an applied file has changed since, for a schema change is a new
    file, or where one was applied that this version does not have.
    """
    connection.execute(read_sql("warehouse/migrations.sql"))
    applied = dict(connection.execute("SELECT version, digest FROM main.migration").fetchall())
    known = migrations()
    later = connection.execute(
        "SELECT name FROM main.migration WHERE version > ? ORDER BY version", [known[-1].version]
    ).fetchone()
    if later is not None:
        raise CallerError(
            f"A later version of Candour has changed the warehouse (sql/schema/{later[0]}): use "
            "that one, or restore the backup from before it."
        )
    for migration in known:
        _apply(connection, migration, applied)
    with transaction(connection):
        refresh_seeds(connection)


def migrations() -> list[Migration]:
    """Every schema file, in order of its number."""
    found = []
    for path in sorted((SQL / "schema").glob("[0-9]*.sql")):
        text = path.read_text(encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        found.append(Migration(int(path.name.split("_")[0]), path.name, text, digest))
    return found


def refresh_seeds(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace the dimension tables by what ``sql/seeds`` says now."""
    connection.execute("SET VARIABLE seeds = ?", [str(SQL / "seeds")])
    connection.execute(read_sql("seeds/refresh.sql"))


def _apply(
    connection: duckdb.DuckDBPyConnection, migration: Migration, applied: dict[int, str]
) -> None:
    known = applied.get(migration.version)
    if known is None:
        with transaction(connection):  # DuckDB alters no table that the transaction has updated
            connection.execute(migration.text)
            connection.execute(
                read_sql("warehouse/record_migration.sql"),
                [migration.version, migration.name, migration.digest],
            )
    elif known != migration.digest:
        raise CallerError(
            f"sql/schema/{migration.name} has changed since it was applied: put it back, "
            "and make the change in a new numbered file."
        )
