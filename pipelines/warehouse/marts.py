"""Build the marts: ``sql/marts/*.sql``, in order of what reads what, in one transaction."""

from __future__ import annotations

import duckdb

from pipelines.duck import read_sql
from pipelines.warehouse.ledger import record_marts

MARTS = (
    "contribution",
    "force_month_category",
    "habit_contribution",
    "force_month_habit",
    "impact_panel",
    "unclassified_contribution",
)


def build_marts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rebuild every mart from the rows that count; rows in each.

    Raises ``LedgerError``, leaving the marts as they were, where a message is lost or doubled.
    """
    connection.begin()
    try:
        for mart in MARTS:
            connection.execute(read_sql(f"marts/{mart}.sql"))
        record_marts(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return dict(connection.execute(read_sql("marts/row_counts.sql")).fetchall())
