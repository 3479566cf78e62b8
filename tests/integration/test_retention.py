"""Retention: what was kept long enough goes, nothing else does, and the counts still add up."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.erasure.retention import retain
from pipelines.erasure.withdraw import withdraw
from pipelines.errors import CallerError, Reason
from pipelines.intake.inbox import make_room, pending, quarantine, quarantined
from pipelines.staging.shard import find_shards
from pipelines.validate.gates import check_staged, check_warehouse
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger
from pipelines.warehouse.load import load_staged
from pipelines.warehouse.marts import build_marts
from tests.erasure_world import ANNS, CANARY, OTHERS, TEAM, TODAY, World, decrypted, files_with
from tests.warehouse_world import everything

NOW = datetime.now(UTC)


def after(days: float) -> datetime:
    """So many days after everything was received."""
    return NOW + timedelta(days=days, minutes=5)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# days after receipt: texts, sealed exports, quarantined ones that are left
LEFT = """
0    8  1  1
29   8  1  1
31   8  1  0
59   8  1  0
61   8  0  0
89   8  0  0
91   0  0  0
"""


def test_each_goes_in_its_time(world: World) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    dee = world.hand_over(OTHERS, "Dee Fox", "C-0003")
    quarantine(world.settings.inbox / dee.submission_id, Reason.TIMED_OUT, world.settings)
    for line in LEFT.strip().splitlines():
        days, *expected = map(int, line.split())
        retain(world.settings, world.keys, after(days))
        ((texts,),) = world.read("SELECT count(text) FROM core.message")
        left = [texts, len(pending(world.settings)), len(quarantined(world.settings))]
        assert left == expected, f"after {days} days"


def test_dropped_texts_are_nowhere_and_everything_else_is_as_it_was(
    world: World, tmp_path: Path
) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(TEAM, "Bob Ray", "C-0002")
    world.load()
    others = "SELECT * EXCLUDE (text) FROM core.message"
    before, marts = world.read(others), world.read("FROM mart.contribution")
    file = world.settings.warehouse.stat().st_ino
    done = retain(world.settings, world.keys, after(91))
    assert done["texts_dropped"] == len(ANNS) + len(TEAM)
    assert not [place for place, value in decrypted(world) if CANARY.encode() in value]
    assert world.settings.warehouse.stat().st_ino != file  # no freed blocks with texts in them
    assert (world.read(others), world.read("FROM mart.contribution")) == (before, marts)

    assert check_staged(world.settings.staged, world.keys.data).checks == ()  # nothing to look at
    check_warehouse(world.settings.warehouse, world.keys.data)
    with open_warehouse(world.settings.warehouse, world.keys.data) as connection:
        assert load_staged(connection, world.settings, world.keys)["shards_loaded"] == 0
        read_ledger(connection)
        kept = everything(connection)
    with open_warehouse(tmp_path / "again.duckdb", world.keys.data) as connection:
        load_staged(connection, world.settings, world.keys)  # a warehouse lost can be made again
        build_marts(connection)
        assert everything(connection) == kept


def test_doing_it_again_changes_nothing(world: World) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    retain(world.settings, world.keys, after(91))
    shards = {p.name: p.read_bytes() for p in world.settings.staged.iterdir()}
    assert set(retain(world.settings, world.keys, after(91)).values()) == {0}
    assert {p.name: p.read_bytes() for p in world.settings.staged.iterdir()} == shards


def test_a_kill_between_a_shard_and_its_sidecar_is_put_right(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()

    def killed(shard: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.staging.expire.write_sidecar", killed)
        with pytest.raises(KeyboardInterrupt):
            retain(world.settings, world.keys, after(91))
    retain(world.settings, world.keys, after(91))
    (shard,) = find_shards(world.settings.staged)
    assert shard.text_dropped
    assert world.read("SELECT file_sha256 FROM core.submission") == [(shard.file_sha256,)]


def test_a_sealed_export_that_is_not_loaded_stays(world: World) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    dee = world.hand_over(OTHERS, "Dee Fox", "C-0003")
    retain(world.settings, world.keys, after(365))
    assert [folder.name for folder in pending(world.settings)] == [dee.submission_id]


def test_the_receipt_still_withdraws_after_the_sealed_export_went(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    codes = set().union(*world.codes(ann).values())
    retain(world.settings, world.keys, after(61))
    assert ann.submission_id.encode() not in b"".join(
        p.name.encode() + p.read_bytes() for p in world.settings.home.rglob("*") if p.is_file()
    )
    certificate = withdraw(ann.receipt, world.settings, world.keys, TODAY)
    assert certificate["removed"] == {
        "receipts_and_reasons": 1, "rows of core.message": 8, "rows of core.submission": 1,
        "staged_files": 2,
    }  # fmt: skip
    assert files_with(world.settings.home, codes) == []
    assert list(world.settings.receipts.iterdir()) == []


def test_what_never_left_quarantine_goes_with_its_receipt(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.stage()
    quarantine(world.settings.inbox / ann.submission_id, Reason.TIMED_OUT, world.settings)
    retain(world.settings, world.keys, after(31))
    assert list(world.settings.staged.iterdir()) == []
    with pytest.raises(CallerError, match="its retention ran out"):
        withdraw(ann.receipt, world.settings, world.keys, TODAY)


def test_what_an_interrupted_submission_left_goes_after_a_day(world: World) -> None:
    room = make_room(world.settings)
    (room / "export.age").write_bytes(b"half a seal")
    assert retain(world.settings, world.keys, NOW)["interrupted_submissions_removed"] == 0
    yesterday = (NOW - timedelta(days=1, minutes=5)).timestamp()
    os.utime(room, (yesterday, yesterday))
    assert retain(world.settings, world.keys, NOW)["interrupted_submissions_removed"] == 1
    assert list(world.settings.inbox.iterdir()) == []


def test_periods_are_settings(tmp_path: Path) -> None:
    world = World(
        tmp_path, text_retention_days=5, sealed_retention_days=3, quarantine_retention_days=1
    )
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    done = retain(world.settings, world.keys, after(4))
    assert (done["texts_dropped"], done["sealed_exports_removed"]) == (0, 1)
    assert retain(world.settings, world.keys, after(6))["texts_dropped"] == 8
