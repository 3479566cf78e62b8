"""mart.impact_panel: months beside the training calendar."""

from __future__ import annotations

from datetime import date

import duckdb

from pipelines.duck import read_sql
from tests.warehouse_world import CUMBRIA, MET, NORTH_WALES

# force, programme, starts, ends
CALENDAR = [
    (MET, "Active Bystander", date(2026, 3, 9), date(2026, 4, 3)),
    (MET, "Standards Conversations", date(2026, 6, 1), date(2026, 6, 26)),
    (CUMBRIA, "Standards Conversations", date(2026, 4, 1), date(2026, 4, 24)),
]

# force, month; then programme, trained, months since training began
EXPECTED = [
    ((MET, date(2026, 2, 1)), ("Active Bystander", False, -1)),
    ((MET, date(2026, 3, 1)), ("Active Bystander", False, 0)),
    ((MET, date(2026, 4, 1)), ("Active Bystander", True, 1)),
    ((MET, date(2026, 7, 1)), ("Active Bystander", True, 4)),
    ((CUMBRIA, date(2025, 12, 1)), ("Standards Conversations", False, -4)),
    ((CUMBRIA, date(2026, 5, 1)), ("Standards Conversations", True, 1)),
    ((NORTH_WALES, date(2026, 7, 1)), (None, False, None)),
]


def test_impact_panel(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("DELETE FROM core.training")
    warehouse.executemany("INSERT INTO core.training VALUES (?, ?, ?, ?)", CALENDAR)
    for (force, month), _ in EXPECTED:
        warehouse.execute(
            "INSERT INTO mart.force_month_category VALUES "
            "(?, ?, 'OPS', 200, 5, 4.5, 1, 12, 12, 4, 3, 3, 2, 0.2, 0.3, 0.6, 0.8)",
            [force, month],
        )
    warehouse.execute(read_sql("marts/impact_panel.sql"))
    found = warehouse.execute(
        "SELECT force_code, month, programme, trained, months_since, category, messages, flagged, "
        "expected, contributors FROM mart.impact_panel"
    ).fetchall()
    assert {r[:2]: r[2:5] for r in found} == dict(EXPECTED)
    assert {r[5:] for r in found} == {("OPS", 200, 5, 4.5, 12)}
