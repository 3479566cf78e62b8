"""Loading: all or nothing, and twice is the same as once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.duck import open_memory
from pipelines.errors import CandourError
from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.staging.counts import LedgerError, StageCounts
from pipelines.staging.shard import ShardError, find_shards, sidecar, to_table
from pipelines.warehouse import migrate
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger
from pipelines.warehouse.load import load_shards
from pipelines.warehouse.marts import build_marts
from tests.warehouse_world import VERSIONS, everything, row, stage, table


def test_what_is_loaded_is_what_was_staged(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    one = stage(tmp_path, keys, [row(0, text="a"), row(1, text="b")])
    two = stage(tmp_path, keys, [row(2, submission_key="s2", chat_key="chat2", text="c")])
    assert load_shards(warehouse, [one, two], keys) == {
        "shards_loaded": 2, "shards_loaded_before": 0, "rows_loaded": 3,
    }  # fmt: skip
    assert table(warehouse, "SELECT row_no, text FROM core.message") == [
        (0, "a"), (1, "b"), (2, "c"),
    ]  # fmt: skip
    assert table(warehouse, "SELECT shard, staged FROM core.submission") == sorted(
        [(one.sha256, 2), (two.sha256, 1)], key=str
    )


def test_loading_twice_changes_nothing(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    shards = [stage(tmp_path, keys, [row(n) for n in range(5)])]
    load_shards(warehouse, shards, keys)
    build_marts(warehouse)
    before = everything(warehouse)
    assert load_shards(warehouse, shards, keys)["shards_loaded"] == 0
    build_marts(warehouse)
    assert everything(warehouse) == before


def test_a_restaged_submission_replaces_its_rows(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    stage(tmp_path, keys, [row(0, text="other", submission_key="s2", chat_key="chat2")])
    stage(tmp_path, keys, [row(0, text="with <PERSON>")])
    load_shards(warehouse, find_shards(tmp_path), keys)
    newer = VERSIONS | {"deidentifier": "2"}
    stage(tmp_path, keys, [row(0, text="with <PERSON> at <LOCATION>", model_versions=newer)])
    assert load_shards(warehouse, find_shards(tmp_path), keys)["shards_loaded"] == 1
    assert table(warehouse, "SELECT text FROM core.message") == [
        ("other",), ("with <PERSON> at <LOCATION>",),
    ]  # fmt: skip


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [truncated, flipped, Path.unlink])
def test_a_damaged_shard_is_named_and_nothing_is_loaded(
    damage, tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load_shards(warehouse, [stage(tmp_path, keys, [row()])], keys)
    before = everything(warehouse)
    sound = stage(tmp_path, keys, [row(submission_key="s2", chat_key="chat2")])
    broken = stage(tmp_path, keys, [row(submission_key="s3", chat_key="chat3")])
    damage(broken.path)
    with pytest.raises(ShardError, match=f"{broken.path.name} is missing, damaged"):
        load_shards(warehouse, [sound, broken], keys)
    assert everything(warehouse) == before


def test_a_sidecar_that_lies_about_its_rows_is_refused(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    shard = stage(tmp_path, keys, [row()])
    lying = replace(shard, counts=StageCounts(1, 2, 2, 2, 0, 0, staged=2, unprocessed=0))
    with pytest.raises(ShardError):
        load_shards(warehouse, [lying], keys)


def test_a_shard_of_another_collection_is_refused(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    generate_keys(tmp_path / "others")
    shard = stage(tmp_path / "staged", load_keys(tmp_path / "others"), [row()])
    with pytest.raises(ShardError, match="does not open with the data key"):
        load_shards(warehouse, [shard], keys)


def test_two_shards_of_one_submission_are_refused(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    one = stage(tmp_path / "one", keys, [row(text="a")])
    two = stage(tmp_path / "two", keys, [row(text="b")])
    with pytest.raises(ShardError, match="one of two shards of a submission"):
        load_shards(warehouse, [one, two], keys)


def test_an_older_warehouse_learns_which_rows_were_withheld(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before schema 3 they passed for clean ones; rows kept from then must not go on."""
    path = tmp_path / "old.duckdb"
    with monkeypatch.context() as patch, open_memory(keys.data) as shards:
        first = migrate.migrations()[:2]
        patch.setattr(migrate, "migrations", lambda: first)
        rows = [row(0, risks={"DISC": 0.1}), row(1, text="<UNPROCESSED>", risks={"DISC": 0.0})]
        shards.register("given", to_table(rows))
        old = tmp_path / "old.parquet"
        shards.execute(f"COPY (SELECT * EXCLUDE (unclassified) FROM given) TO '{old}'")
        with open_warehouse(path, keys.data) as connection:
            connection.execute(
                "INSERT INTO core.message BY NAME SELECT * FROM read_parquet(?)", [str(old)]
            )
    with open_warehouse(path, keys.data) as connection:
        assert table(
            connection, "SELECT row_no, unclassified, cardinality(risks) FROM core.message"
        ) == [(0, None, 1), (1, "unprocessed", 0)]


# unclassified, text
UNCLASSIFIED = """
-               late turn again
other_language  <OTHER_LANGUAGE>
unprocessed     <UNPROCESSED>
other_language  <OTHER_LANGUAGE> ok
"""


def test_the_unclassified_are_in_the_ledger_and_in_no_rate(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = [line.split(maxsplit=1) for line in UNCLASSIFIED.strip().splitlines()]
    rows = [row(n, unclassified=why.strip("-") or None, text=t) for n, (why, t) in enumerate(lines)]
    load_shards(warehouse, [stage(tmp_path, keys, rows)], keys)
    build_marts(warehouse)
    (counted,) = (s for s in read_ledger(warehouse).stages if s.name == "messages counted")
    assert [(o.name, o.count, o.goes_on) for o in counted.outcomes] == [
        ("in the trends mart", 1, True),
        ("not classified: not in English", 2, False),
        ("not classified: withheld whole, in doubt", 1, False),
    ]
    for query in (
        "SELECT messages FROM mart.contribution WHERE category = 'ANY'",
        "SELECT messages FROM mart.habit_contribution WHERE habit = 'hour'",
    ):
        assert table(warehouse, query) == [(1,)]
    assert table(warehouse, "SELECT reason, messages FROM mart.unclassified_contribution") == [
        ("other_language", 2), ("unprocessed", 1),
    ]  # fmt: skip


def test_the_ledger_follows_every_line(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    shard = stage(tmp_path, keys, [row(0), row(1)])
    counts = StageCounts(
        1, lines_in=9, lines_in_messages=8, messages=6, system=1, other_members=3, staged=2,
        unprocessed=0, rejected={"no_header": 1},
    )  # fmt: skip
    load_shards(warehouse, [replace(shard, counts=counts)], keys)
    build_marts(warehouse)
    ledger = read_ledger(warehouse).with_release({"released": 0, "withheld": 2})
    assert [(s.name, s.total, [(o.name, o.count) for o in s.outcomes]) for s in ledger.stages] == [
        ("lines in", 9, [("part of a message", 8), ("rejected, with a reason", 1)]),
        ("messages", 6, [
            ("system lines, by nobody", 1),
            ("by other members, not covered by consent", 3),
            ("staged", 2),
        ]),
        ("rows staged", 2, [("loaded", 2)]),
        ("rows loaded", 2, [
            ("counted elsewhere, in an overlapping export", 0), ("counted", 2),
        ]),
        ("messages counted", 2, [
            ("in the trends mart", 2),
            ("not classified: not in English", 0),
            ("not classified: withheld whole, in doubt", 0),
        ]),
        ("messages in the trends mart", 2, [("in the habits mart", 2)]),
        ("messages in the marts", 2, [("released", 0), ("withheld", 2)]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sabotage", "complaint"),
    [
        ("DELETE FROM core.message WHERE row_no = 0", "of 3 rows staged, 2 are accounted for"),
        ("INSERT INTO core.message FROM core.message", "of 3 rows staged, 5 are accounted for"),
    ],
)
def test_a_lost_or_doubled_row_stops_the_next_load(
    sabotage: str, complaint: str, tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load_shards(warehouse, [stage(tmp_path, keys, [row(0), row(1)])], keys)
    warehouse.execute(sabotage)
    before = everything(warehouse)
    more = stage(tmp_path, keys, [row(0, submission_key="s2", chat_key="chat2")])
    with pytest.raises(LedgerError, match=complaint):
        load_shards(warehouse, [more], keys)
    assert everything(warehouse) == before


def test_marts_that_miss_a_message_are_not_kept(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load_shards(warehouse, [stage(tmp_path, keys, [row(0), row(1)])], keys)
    build_marts(warehouse)
    before = table(warehouse, "FROM mart.force_month_category")
    warehouse.execute("DELETE FROM core.conversation")  # its messages fall out of every mart
    with pytest.raises(LedgerError, match="2 go on from rows loaded, but there are 0"):
        build_marts(warehouse)
    assert table(warehouse, "FROM mart.force_month_category") == before


def test_a_release_that_forgets_messages_is_noticed(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load_shards(warehouse, [stage(tmp_path, keys, [row(0), row(1)])], keys)
    build_marts(warehouse)
    with pytest.raises(LedgerError, match="of 2 messages in the marts, 1 are accounted for"):
        read_ledger(warehouse).with_release({"released": 1})


def test_no_byte_of_the_warehouse_shows_a_text(tmp_path: Path, keys: Keys) -> None:
    shard = stage(
        tmp_path, keys, [row(n, text="meet behind the custody suite") for n in range(500)]
    )
    path = tmp_path / "home" / "warehouse.duckdb"
    with open_warehouse(path, keys.data) as connection:
        load_shards(connection, [shard], keys)
        during = b"".join(p.read_bytes() for p in path.parent.rglob("*") if p.is_file())
    assert b"custody suite" not in during + path.read_bytes()


def test_errors_show_no_text_and_no_key(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    shard = stage(tmp_path, keys, [row(text="meet behind the custody suite")])
    warehouse.execute("ALTER TABLE core.message ALTER COLUMN text TYPE INTEGER")
    with pytest.raises(CandourError) as caught:
        load_shards(warehouse, [shard], keys)
    assert "custody" not in str(caught.value) and keys.data not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_missing_sidecar_means_not_staged(tmp_path: Path, keys: Keys) -> None:
    sidecar(stage(tmp_path, keys, [row()]).path).unlink()
    assert find_shards(tmp_path) == []
