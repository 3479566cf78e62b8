"""mart.force_month_category: a force's month, and who stands behind it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.duck import read_sql
from tests.warehouse_world import MET, key

# contributor, author, chat, messages, flagged, expected, challenged (one force, month, category)
CONTRIBUTIONS = """
c1  a1  chat1  60  4  5.5  2
c1  a1  chat2  10  0  0.5  0
c2  a2  chat1  20  1  1.0  0
c3  a3  chat3  10  0  0.2  0
"""

EXPECTED = {
    "messages": 100,
    "flagged": 5,
    "expected": pytest.approx(7.2),
    "challenged": 2,
    "contributors": 3,
    "authors": 3,
    "chats": 3,
    "flagged_contributors": 2,
    "flagged_authors": 2,
    "flagged_chats": 1,
    "largest_share": pytest.approx(0.7),  # c1: 60 + 10
    "two_largest_share": pytest.approx(0.9),  # and c2: 20
    "flagged_largest_share": pytest.approx(0.8),
    "flagged_two_largest_share": pytest.approx(1.0),
}


def build(connection: duckdb.DuckDBPyConnection, contributions: str) -> dict[str, Any]:
    for line in contributions.strip().splitlines():
        contributor, author, chat, *numbers = line.split()
        connection.execute(
            "INSERT INTO mart.contribution VALUES (?, ?, ?, ?, ?, 'DISC', ?, ?, ?, ?)",
            [
                key(contributor),
                key(author),
                key(chat),
                MET,
                date(2026, 10, 1),
                *map(float, numbers),
            ],
        )
    connection.execute(read_sql("marts/force_month_category.sql"))
    found = connection.execute("FROM mart.force_month_category")
    names = [column[0] for column in found.description or []]
    (values,) = found.fetchall()
    return dict(zip(names, values, strict=True))


def test_force_month_category(warehouse: duckdb.DuckDBPyConnection) -> None:
    where = {"force_code": MET, "month": date(2026, 10, 1), "category": "DISC"}
    assert build(warehouse, CONTRIBUTIONS) == where | EXPECTED


def test_nothing_flagged_has_no_largest_flagger(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = build(warehouse, "c1 a1 chat1 60 0 5.5 0")
    assert (found["flagged"], found["flagged_contributors"]) == (0, 0)
    assert found["flagged_largest_share"] is None and found["flagged_two_largest_share"] is None
    assert found["two_largest_share"] == 1.0


@pytest.mark.parametrize("times", [1, 2])
def test_building_again_gives_the_same(
    times: int, tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    build(warehouse, CONTRIBUTIONS)
    for _ in range(times):
        warehouse.execute(read_sql("marts/force_month_category.sql"))
    assert len(warehouse.execute("FROM mart.force_month_category").fetchall()) == 1
