"""Every mart is a SQL file that has a small-table spec test and that a person can run by hand."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from pipelines.duck import SQL
from pipelines.keys import Keys
from pipelines.warehouse.load import load_shards
from pipelines.warehouse.marts import MARTS, build_marts
from tests.warehouse_world import row, stage, table

# mart: the test that has its input rows and what is expected of them side by side
SPECS = {
    "contribution": "test_mart_contribution",
    "force_month_category": "test_mart_force_month_category",
    "force_month_habit": "test_mart_habit",
    "habit_contribution": "test_mart_habit",
    "impact_panel": "test_mart_impact_panel",
    "unclassified_contribution": "test_mart_unclassified",
}
FILES = {path.stem for path in (SQL / "marts").glob("*.sql")} - {"row_counts"}
TESTS = Path(__file__).parent


def test_every_mart_is_a_file_is_built_and_is_counted(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load_shards(warehouse, [stage(tmp_path, keys, [row()])], keys)
    built = build_marts(warehouse)
    tables = table(
        warehouse,
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'mart'",
    )
    counted = {name: len(table(warehouse, f"FROM mart.{name}")) for (name,) in tables}
    assert FILES == set(MARTS) == set(counted)
    assert built == counted


def test_every_mart_has_a_spec_with_its_expected_rows() -> None:
    assert set(SPECS) == FILES
    for mart, name in SPECS.items():
        text = (TESTS / f"{name}.py").read_text()
        assert f"mart.{mart}" in text and re.search(r"^EXPECTED ", text, re.MULTILINE), mart


@pytest.mark.parametrize("mart", MARTS)
def test_a_mart_runs_by_hand(
    mart: str, tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Statement by statement, as they are in the file, with no parameter and no variable."""
    load_shards(warehouse, [stage(tmp_path, keys, [row(0), row(1)])], keys)
    build_marts(warehouse)
    before = table(warehouse, f"FROM mart.{mart}")
    for statement in warehouse.extract_statements((SQL / "marts" / f"{mart}.sql").read_text()):
        assert not statement.named_parameters and "getvariable" not in statement.query
        warehouse.execute(statement)
    assert table(warehouse, f"FROM mart.{mart}") == before
