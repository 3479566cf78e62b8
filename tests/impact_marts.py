"""The marts that training effects are made of, once tests have filled what is below them."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from pipelines.duck import read_sql


def build_impact_marts(con: duckdb.DuckDBPyConnection, trained: Mapping[str, str]) -> None:
    """From ``mart.contribution`` and ``mart.habit_contribution``; ``trained`` are the months
    (``YYYY-MM``) in which forces' programmes ran."""
    con.execute("DELETE FROM core.training")
    for force, month in trained.items():
        con.execute(
            "INSERT INTO core.training VALUES (?, 'Active Bystander', ?::DATE, ?::DATE)",
            [force, f"{month}-06", f"{month}-24"],
        )
    for mart in ("force_month_category", "force_month_habit", "impact_panel"):
        con.execute(read_sql(f"marts/{mart}.sql"))
