"""A warehouse of any released schema, with rows in it, becomes today's: nothing lost, none doubled.

`tests/data/warehouse_1.sql` fills a warehouse of the first schema; every released schema file is
named below with its hash, since one that has run somewhere may never change.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from pipelines.duck import SQL
from pipelines.keys import Keys
from pipelines.warehouse import migrate
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.load import change_of_rows
from pipelines.warehouse.marts import build_marts
from tests.warehouse_world import table

FIRST_ROWS = Path(__file__).parents[1] / "data" / "warehouse_1.sql"

RELEASED = """
001_core.sql e35c222d95af2aa2b645c3bf0d19a42dee93e8eb0f4564c63ed0198f76393486
002_marts.sql 923dfe94db8518918437e7fb01cfe182dd7074f731df55846ffd184bf462039e
003_unclassified.sql 24ba2c7460653e9ea9cf31b7959066aed7883234ba37800dffc7f795290a469c
004_label.sql f77e7833d280b3128ea8e4396a40054c2084ddcc75c127e394e49d18b8d3d3ca
005_privacy.sql 0f3c14accc73a09930e7e97f17b08a7bff1a09eb706b26581c4aea9bdd79cfc8
006_label_frame.sql 8b63b1e4c10bd4ec043848ab5539e31f754ea0c290931d8446e5e7f7d3ee0305
007_message_versions.sql fc7a7a72329c73b9afeaa4920dcbfd27fc8e95748da465f3a4f87c1165910c49
"""

LAYOUT = """
SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default
FROM information_schema.columns
WHERE table_catalog = 'warehouse'
"""


def names_and_hashes() -> list[list[str]]:
    return [line.split() for line in RELEASED.strip().splitlines()]


def old_warehouse(path: Path, keys: Keys, version: int, patch: pytest.MonkeyPatch) -> None:
    """As a Candour that knew the first ``version`` schema files left it, filled by the first."""
    every = migrate.migrations()
    for known in range(1, version + 1):
        patch.setattr(migrate, "migrations", lambda known=known: every[:known])
        with open_warehouse(path, keys.data) as connection:
            if known == 1:
                connection.execute(FIRST_ROWS.read_text())


def test_what_was_released_is_as_it_was() -> None:
    """A new schema file: add its name and hash here when it is first released."""
    files = sorted((SQL / "schema").glob("*.sql"))
    found = [[f.name, hashlib.sha256(f.read_bytes()).hexdigest()] for f in files]
    assert found == names_and_hashes()


@pytest.mark.parametrize("version", range(1, len(names_and_hashes()) + 1))
def test_every_older_warehouse_becomes_todays(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    path = tmp_path / "old.duckdb"
    with monkeypatch.context() as patch:
        old_warehouse(path, keys, version, patch)
    with open_warehouse(path, keys.data) as old:
        assert [name for (name,) in old.execute("SELECT name FROM migration").fetchall()] == [
            name for name, _ in names_and_hashes()
        ]
        with open_warehouse(tmp_path / "new.duckdb", keys.data) as new:
            assert table(old, LAYOUT) == table(new, LAYOUT)
        _check_rows(old)


def _check_rows(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The first schema's rows, and what today's Candour works out from them."""
    with change_of_rows(warehouse):
        pass  # overlaps and the ledger, worked out afresh
    build_marts(warehouse)  # raises where the ledger does not reconcile
    rows = "SELECT row_no, text, unclassified, flags FROM core.message"
    assert table(warehouse, rows) == [
        (0, "late turn again", None, []),
        (1, "give her a slap", None, ["VIOL"]),
        (2, "<UNPROCESSED>", "unprocessed", []),
        (3, None, None, ["OPS"]),
    ]
    versions = "SELECT model_versions['classifier'], staged, other_language FROM core.submission"
    assert table(warehouse, versions) == [("risks-0", 4, 0)]
    trends = "SELECT messages, flagged FROM mart.force_month_category WHERE category = 'ANY'"
    assert table(warehouse, trends) == [(3, 2)]
    unclassified = "SELECT reason, messages FROM mart.unclassified_contribution"
    assert table(warehouse, unclassified) == [("unprocessed", 1)]


def test_a_newer_warehouse_than_this_version_knows_is_told_so(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "newer.duckdb"
    with open_warehouse(path, keys.data) as connection:
        connection.execute("INSERT INTO migration VALUES (999, '999_later.sql', 'x')")
    with (
        pytest.raises(migrate.CallerError, match="later version"),
        open_warehouse(path, keys.data),
    ):
        pass
