"""Draw a month's sample for people to judge, inside the warehouse."""

from __future__ import annotations

from datetime import date, datetime

import duckdb

from pipelines.duck import read_sql, transaction
from pipelines.errors import CallerError
from pipelines.label.design import BAND_EDGES, WORDLESS, allocate


def draw(connection: duckdb.DuckDBPyConnection, month: str, size: int, seed: str) -> dict[str, int]:
    """Draw ``size`` messages of ``month`` (YYYY-MM); how many from each stratum.

    The same ``seed`` draws the same. All or nothing. Raises ``CallerError`` where the month was
    drawn before, holds nothing to read, or has begun to lose its text.
    """
    first = first_day(month)
    with transaction(connection):
        return _draw(connection, first, size, seed)


def first_day(month: str) -> date:
    """The first day of ``YYYY-MM``. Raises ``CallerError`` for anything else."""
    try:
        return datetime.strptime(month, "%Y-%m").date()
    except ValueError:
        raise CallerError(f"--month {month!r} is not a month: write it as 2026-10.") from None


def _draw(
    connection: duckdb.DuckDBPyConnection, month: date, size: int, seed: str
) -> dict[str, int]:
    named = f"{month:%Y-%m}"
    if _one(connection, "SELECT count(*) FROM label.stratum WHERE month = ?", [month]):
        raise CallerError(
            f"A sample of {named} has been drawn already: judge it, or draw another month."
        )
    connection.execute(read_sql("label/frame.sql"), {"month": month, "edges": list(BAND_EDGES)})
    sizes = dict(connection.execute(read_sql("label/frame_sizes.sql")).fetchall())
    if not sizes.keys() - {WORDLESS}:
        raise CallerError(f"No messages of {named} to read: load that month with `candour run`.")
    if dropped := _one(connection, read_sql("label/dropped.sql"), []):
        raise CallerError(
            f"The text of {dropped} messages of {named} is no longer kept, so no sample stands for "
            "that month: draw a later one."
        )
    drawn = allocate(sizes, size)
    rows = [[month, stratum, sizes[stratum], drawn[stratum]] for stratum in sorted(sizes)]
    connection.executemany("INSERT INTO label.stratum VALUES (?, ?, ?, ?)", rows)
    connection.execute(read_sql("label/keep_frame.sql"), {"month": month})
    connection.execute(read_sql("label/draw.sql"), {"month": month, "seed": seed})
    return {stratum: drawn[stratum] for stratum in sorted(drawn) if drawn[stratum]}


def _one(connection: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> int:
    row = connection.execute(query, values).fetchone()
    assert row is not None  # a count always gives a row
    return int(row[0])
