"""The same chat from two volunteers counts once. The rule is in ``sql/warehouse/overlap.sql``."""

from __future__ import annotations

import duckdb

from pipelines.duck import read_sql


def resolve_overlap(connection: duckdb.DuckDBPyConnection) -> None:
    """Work out conversations, duplicates and persons afresh from every loaded row.

    Afresh, because what counts depends on all submissions: when the earliest export of a chat is
    withdrawn, a later one must take its place.
    """
    connection.execute(read_sql("warehouse/overlap.sql"))
