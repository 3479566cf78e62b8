"""Withdrawing a submission: all of it goes, nothing else does, and a certificate says so.

Ann's and Bob's exports are of one chat; Ann's came first and has a message more.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from pipelines.erasure.certificate import FIRST, numbered, read
from pipelines.erasure.request import pending_requests
from pipelines.erasure.withdraw import ask, withdraw, work_off
from pipelines.errors import CallerError, GateError, Reason
from pipelines.intake.inbox import pending, quarantine, quarantined
from pipelines.label.draw import draw
from pipelines.label.sample import labelled_sample
from pipelines.label.store import Store
from pipelines.release.files import sha256
from pipelines.settings import Backup
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger
from pipelines.warehouse.load import load_staged
from pipelines.warehouse.marts import build_marts
from tests.erasure_world import ANNS, CANARY, OTHERS, TEAM, TODAY, World, decrypted, files_with
from tests.warehouse_world import VERSIONS, everything

COUNTED = "SELECT lower(hex(submission_key)), count(*) FROM core.counted GROUP BY ALL"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_nothing_names_a_withdrawn_submission(world: World) -> None:
    """Not as text, not as raw bytes, in no file; not in a decrypted table or shard."""
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(TEAM, "Bob Ray", "C-0002")
    world.load()
    codes = set().union(*world.codes(ann).values())
    assert len(codes) == 6  # one submission, one contributor, one chat, three authors
    before = world.settings.warehouse.stat().st_ino
    assert any(CANARY.encode() in value for _, value in decrypted(world))

    withdraw(ann.receipt, world.settings, world.keys, TODAY)

    texts = [ann.submission_id.encode(), ann.contributor.encode(), ann.receipt.encode(),
             CANARY.encode()]  # fmt: skip
    home = world.settings.home
    assert files_with(home, [*codes, bytes.fromhex(ann.submission_id.replace("-", ""))]) == []
    assert [t for t in texts for p in home.rglob("*") if p.is_file() and t in p.read_bytes()] == []
    left = [
        place
        for place, value in decrypted(world)
        if any(needle in value for needle in [*codes, *texts])
    ]
    assert left == []
    assert world.settings.warehouse.stat().st_ino != before  # another file: no freed blocks in it
    assert sorted(p.name for p in home.glob("warehouse*")) == ["warehouse.duckdb"]


def test_what_it_counted_counts_from_the_other_volunteers_export(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(TEAM, "Bob Ray", "C-0002")
    world.load()
    (before,) = world.read(COUNTED)
    assert before[1] == len(ANNS)

    withdraw(ann.receipt, world.settings, world.keys, TODAY)

    (after,) = world.read(COUNTED)
    assert (after[0] != before[0], after[1]) == (True, len(TEAM))
    assert world.read("SELECT sum(messages) FROM mart.contribution WHERE category = 'ANY'") == [
        (len(TEAM),)
    ]


def test_what_is_left_is_what_would_be_there_had_it_never_come(
    world: World, tmp_path: Path
) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(TEAM, "Bob Ray", "C-0002")
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.load()
    withdraw(ann.receipt, world.settings, world.keys, TODAY)
    with open_warehouse(world.settings.warehouse, world.keys.data) as connection:
        found = everything(connection)
        assert load_staged(connection, world.settings, world.keys)["shards_loaded"] == 0
        read_ledger(connection)
    with open_warehouse(tmp_path / "fresh.duckdb", world.keys.data) as connection:
        load_staged(connection, world.settings, world.keys)
        build_marts(connection)
        assert everything(connection) == found


def test_a_drawn_sample_stands_for_what_is_left(world: World) -> None:
    """Whoever withdraws leaves the strata they were drawn from, as they leave the sample."""
    dee = world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.hand_over(TEAM, "Bob Ray", "C-0002")
    world.load()
    with open_warehouse(world.settings.warehouse, world.keys.data) as connection:
        draw(connection, "2026-10", 8, "seed")
    assert world.read("SELECT sum(messages) FROM label.size") == [(len(TEAM) + len(OTHERS),)]

    withdraw(dee.receipt, world.settings, world.keys, TODAY)

    assert world.read("SELECT sum(messages) FROM label.size") == [(len(TEAM),)]
    judge = Store(partial(open_warehouse, world.settings.warehouse, world.keys.data), "labeller-a")
    for item in judge.queue():
        judge.record(item, [])
    with open_warehouse(world.settings.warehouse, world.keys.data, read_only=True) as connection:
        any_risk = labelled_sample(connection, VERSIONS["classifier"]).by_category["ANY"]
    assert sum(message.weight for message in any_risk) == pytest.approx(len(TEAM))


def test_every_table_keyed_by_a_submission_or_contributor_is_covered(world: World) -> None:
    """Also those that a later schema adds."""
    first = world.hand_over(ANNS, "Ann Lee", "C-0001")
    second = world.hand_over(OTHERS, "Dee Fox", "C-0001")
    world.load()
    with open_warehouse(world.settings.warehouse, world.keys.data) as connection:
        connection.execute(
            "CREATE TABLE core.tag AS SELECT submission_key, row_no FROM core.message"
        )
        connection.execute(
            "CREATE TABLE core.volunteer AS SELECT DISTINCT contributor_key FROM core.submission"
        )
    one = withdraw(first.receipt, world.settings, world.keys, TODAY)
    assert world.read("SELECT count(*) FROM core.tag") == [(len(OTHERS),)]
    assert world.read("SELECT count(*) FROM core.volunteer") == [(1,)]
    other = withdraw(second.receipt, world.settings, world.keys, TODAY)
    assert world.read("SELECT count(*) FROM core.tag") == [(0,)]
    assert world.read("SELECT count(*) FROM core.volunteer") == [(0,)]
    removed = [{k: n for k, n in c["removed"].items() if "rows of" in k} for c in (one, other)]
    assert removed == [
        {"rows of core.message": 8, "rows of core.submission": 1, "rows of core.tag": 8},
        {"rows of core.message": 2, "rows of core.submission": 1, "rows of core.tag": 2,
         "rows of core.volunteer": 1},
    ]  # fmt: skip


def test_the_last_submission_leaves_an_empty_collection_that_reconciles(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    withdraw(ann.receipt, world.settings, world.keys, TODAY)
    with open_warehouse(world.settings.warehouse, world.keys.data, read_only=True) as connection:
        assert {stage.total for stage in read_ledger(connection).stages} == {0}


def test_a_submission_that_was_never_staged(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    certificate = withdraw(ann.receipt, world.settings, world.keys, TODAY)
    assert pending(world.settings) == []
    assert certificate["removed"] == {
        "manifests": 1, "receipts_and_reasons": 1, "sealed_exports": 1,
    }  # fmt: skip
    assert not world.settings.warehouse.exists()


def test_a_quarantined_submission(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    (folder,) = pending(world.settings)
    quarantine(folder, Reason.TIMED_OUT, world.settings)
    withdraw(ann.receipt.upper(), world.settings, world.keys, TODAY)
    assert quarantined(world.settings) == []


@pytest.mark.parametrize("receipt", ["22222-22222-22222-22222", "", "Ann Lee"])
def test_an_unknown_receipt_is_refused_without_repeating_it(world: World, receipt: str) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    with pytest.raises(CallerError, match="No submission in this collection") as refused:
        withdraw(receipt, world.settings, world.keys, TODAY)
    assert refused.value.exit_code == 2
    assert not receipt or receipt not in str(refused.value)
    assert len(pending(world.settings)) == 1
    assert pending_requests(world.settings) == []


def test_a_receipt_withdraws_once(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    withdraw(ann.receipt, world.settings, world.keys, TODAY)
    with pytest.raises(CallerError, match="withdrawn before"):
        withdraw(ann.receipt, world.settings, world.keys, TODAY)
    assert len(numbered(world.settings)) == 1


def releases(world: World) -> Path:
    """September is published, October waits, and an interrupted run left a draft of October."""
    folder = world.settings.releases
    for name in ("2026-09", ".pending/2026-10", ".draft-2026-10"):
        (folder / name).mkdir(parents=True)
        (folder / name / "trends.csv").write_text(name)
    ledgers = world.settings.home / "ledgers"
    ledgers.mkdir()
    for name in ("release-2026-09.json", "release-2026-10.json", "audit-2026-10.json"):
        (ledgers / name).write_text("{}")
    return folder


def test_published_months_stay_and_unpublished_ones_go(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    folder = releases(world)
    certificate = withdraw(ann.receipt, world.settings, world.keys, TODAY)
    assert certificate["unpublished_releases_discarded"] == ["2026-10"]
    assert certificate["published_months_unchanged"] == ["2026-09"]
    assert [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*.csv"))] == [
        "2026-09/trends.csv"
    ]
    kept = [p.name for p in (world.settings.home / "ledgers").iterdir()]
    assert kept == ["release-2026-09.json"]


def test_an_unpublished_release_that_never_counted_it_stays(world: World) -> None:
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.load()
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    folder = releases(world)
    certificate = withdraw(ann.receipt, world.settings, world.keys, TODAY)
    assert certificate["unpublished_releases_discarded"] == []
    assert (folder / ".pending/2026-10/trends.csv").exists()


def test_a_certificate_names_nobody_and_says_what_outlasts_it(tmp_path: Path) -> None:
    backups = (Backup(name="nightly to the vault", keeps_days=35),)
    world = World(tmp_path, backups=backups)
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    codes = world.codes(ann)
    certificate = withdraw(ann.receipt, world.settings, world.keys, TODAY)
    vary = ("id", "candour", "files_searched")
    assert {k: v for k, v in certificate.items() if k not in vary} == {
        "certificate": 1,
        "erased_on": "2026-11-26",
        "removed": {
            "manifests": 1, "receipts_and_reasons": 1, "rows of core.message": 8,
            "rows of core.submission": 1, "sealed_exports": 1, "staged_files": 2,
        },
        "unpublished_releases_discarded": [],
        "published_months_unchanged": [],
        "kept_in_backups": [{"backup": "nightly to the vault", "until": "2026-12-31"}],
        "previous_sha256": FIRST,
    }  # fmt: skip
    said = json.dumps(certificate)
    forms = [c.hex() for found in codes.values() for c in found]
    assert not [f for f in [*forms, ann.submission_id, "C-0001", "Ann", "E23000032"] if f in said]
    assert certificate["files_searched"] > 5


def test_certificates_are_a_chain(world: World) -> None:
    handed = [world.hand_over(ANNS[:n], "Ann Lee", "C-0001") for n in (5, 6, 7)]
    for one in handed:
        withdraw(one.receipt, world.settings, world.keys, TODAY)
    first, second, third = numbered(world.settings)
    assert [read(path)["previous_sha256"] for path in (first, second, third)] == [
        FIRST, sha256(first), sha256(second),
    ]  # fmt: skip


def test_a_declared_backup_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    world = World(tmp_path, backups=(Backup(name="copy", keeps_days=7, folder=home / "copy"),))
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    (home / "copy").mkdir()
    (home / "copy" / "list.txt").write_text(ann.submission_id)
    certificate = withdraw(ann.receipt, world.settings, world.keys, TODAY)
    assert certificate["kept_in_backups"] == [{"backup": "copy", "until": "2026-12-03"}]
    assert (home / "copy" / "list.txt").exists()


def test_logs_that_name_it_go_and_anything_else_stops_the_withdrawal(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    log = world.settings.airflow_home / "logs" / "run" / "1.log"
    other = log.with_name("2.log")
    log.parent.mkdir(parents=True)
    log.write_text(f"Submission {ann.submission_id} could not be staged\n")
    other.write_text("nothing to see\n")
    stray = world.settings.home / "notes.txt"
    stray.write_text(f"ask about {ann.submission_id}\n")
    with pytest.raises(GateError, match=r"notes\.txt") as refused:
        withdraw(ann.receipt, world.settings, world.keys, TODAY)
    assert ann.submission_id not in str(refused.value)
    assert numbered(world.settings) == []
    stray.unlink()
    assert withdraw(ann.receipt, world.settings, world.keys, TODAY)["certificate"] == 1
    assert (log.exists(), other.exists()) == (False, True)


def test_what_was_asked_for_is_worked_off_later(world: World) -> None:
    """As the `withdrawal` DAG does."""
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    dee = world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.load()
    ask(ann.receipt, world.settings, world.keys)
    ask(dee.receipt, world.settings, world.keys)
    ask(dee.receipt, world.settings, world.keys)
    assert ann.receipt.encode() not in b"".join(
        p.read_bytes() for p in world.settings.withdrawals.iterdir()
    )
    certificates = work_off(world.settings, world.keys, TODAY)
    assert sorted(c["removed"]["rows of core.message"] for c in certificates) == [2, 8]
    assert world.read("SELECT * FROM core.message") == []
    assert work_off(world.settings, world.keys, TODAY) == []
    assert list(world.settings.withdrawals.iterdir()) == []
