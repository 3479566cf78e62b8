"""Build the marts: ``sql/marts/*.sql``, in order of what reads what, in one transaction."""

from __future__ import annotations

import duckdb

from pipelines.duck import read_sql, transaction
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
    with transaction(connection):
        for mart in MARTS:
            connection.execute(read_sql(f"marts/{mart}.sql"))
        record_marts(connection)
    return dict(connection.execute(read_sql("marts/row_counts.sql")).fetchall())


def model_versions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The versions of each tool that the loaded rows were made with, for the release manifest."""
    return dict(connection.execute(read_sql("warehouse/model_versions.sql")).fetchall())


def inputs_sha256(connection: duckdb.DuckDBPyConnection) -> str:
    """One hash over every shard loaded, for the release manifest: which inputs it was made from."""
    row = connection.execute(read_sql("warehouse/inputs.sql")).fetchone()
    assert row is not None  # an aggregate always gives a row
    return str(row[0])
