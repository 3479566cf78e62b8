"""A new classifier reads the texts still kept: rows stay, risks are found anew, nothing is doubled.

The real classifier is the new one; what the old one found is written beside it. All invented.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import tasks
from pipelines.classify.classifier import Classifier
from pipelines.classify.taxonomy import CODES
from pipelines.erasure.retention import retain
from pipelines.erasure.withdraw import withdraw
from pipelines.errors import GateError
from pipelines.label.draw import draw
from pipelines.label.sample import labelled_sample
from pipelines.label.store import Store
from pipelines.prevalence.shipped import shipped_version
from pipelines.reclassify import outdated, reclassify, reclassify_shards
from pipelines.staging.schema import StagedRow
from pipelines.staging.shard import Shard, find_shards
from pipelines.warehouse.connect import open_warehouse
from tests.erasure_world import ANNS, OTHERS, TODAY, World
from tests.warehouse_world import VERSIONS, key, row, stage

OLD = VERSIONS | {"classifier": "of-yesterday"}
NOTHING = dict.fromkeys(CODES, 0.125)
RISKY, CHALLENGE, PLAIN = "Give her a slap", "Mate that is not ok, take it down", "on my way"


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path)
    monkeypatch.setenv("CANDOUR_HOME", str(world.settings.home))
    return world


def old_rows() -> list[StagedRow]:
    """Three messages of which the old classifier flagged the harmless one."""
    rows = [
        row(n, text=text, n_chars=len(text), risks=NOTHING, model_versions=OLD)
        for n, text in enumerate((RISKY, PLAIN, "<OTHER_LANGUAGE>"))
    ]
    rows[1] = replace(rows[1], flags=["OPS"], challenged=False)
    rows[2] = replace(rows[2], risks={}, unclassified="other_language")
    return rows


def stage_old(world: World) -> Shard:
    return stage(world.settings.staged, world.keys, old_rows())


def load() -> None:
    tasks.load()
    tasks.build_marts()


def test_the_card_is_of_the_classifier_that_ships(classifier: Classifier) -> None:
    assert shipped_version() == classifier.version


def test_the_warehouse_gate_asks_for_it_and_passes_after_it(world: World) -> None:
    stage_old(world)
    load()
    rest = "SELECT * EXCLUDE (risks, flags, challenged) FROM core.message"
    ledger = "FROM core.ledger"
    before = world.read(rest), world.read(ledger)
    with pytest.raises(GateError, match="candour reclassify"):
        tasks.gate_warehouse()

    (batch,) = tasks.plan_reclassify()
    assert tasks.reclassify(batch) == {"shards": 1, "rows": 3, "flags_changed": 2}
    tasks.gate_staged()
    load()
    tasks.gate_warehouse()
    assert (world.read(rest), world.read(ledger)) == before
    assert world.read("SELECT row_no, flags, challenged, cardinality(risks) FROM core.message") == [
        (0, ["VIOL"], False, len(CODES)), (1, [], None, len(CODES)), (2, [], None, 0),
    ]  # fmt: skip
    assert world.read("SELECT model_versions FROM core.submission") == [(VERSIONS,)]
    assert world.read("SELECT sum(flagged) FROM mart.contribution WHERE category = 'ANY'") == [(1,)]


def test_doing_it_again_changes_nothing(world: World, classifier: Classifier) -> None:
    shard = stage_old(world)
    reclassify_shards([shard], classifier, world.settings, world.keys)
    files = {path.name: path.read_bytes() for path in world.settings.staged.iterdir()}
    assert tasks.plan_reclassify() == []
    assert reclassify_shards([shard], classifier, world.settings, world.keys)["shards"] == 0
    assert {path.name: path.read_bytes() for path in world.settings.staged.iterdir()} == files


@pytest.mark.parametrize("step", ["_write_parquet", "write_sidecar", "remove_superseded"])
def test_a_kill_anywhere_is_put_right_by_the_next_run(
    world: World, classifier: Classifier, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    shard = stage_old(world)
    load()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"pipelines.staging.shard.{step}", killed)
        with pytest.raises(KeyboardInterrupt):
            reclassify_shards([shard], classifier, world.settings, world.keys)
    again = outdated(world.settings, world.keys, classifier.version)
    reclassify_shards(again, classifier, world.settings, world.keys)
    (left,) = find_shards(world.settings.staged)
    assert left.model_versions == VERSIONS
    assert {path.stem for path in world.settings.staged.iterdir()} == {left.path.stem}
    load()
    assert world.read("SELECT count(*), count(DISTINCT row_no) FROM core.message") == [(3, 3)]


# scope, who wrote it, text, challenged before: challenged after
CHALLENGES = """
whole_chat    a  risky      no   yes
whole_chat    b  challenge  -    -
own_messages  a  risky      yes  yes
own_messages  a  risky      -    no
own_messages  a  challenge  -    -
own_messages  a  plain      yes  -
"""
SAID = {"yes": True, "no": False, "-": None}
TEXTS = {"risky": RISKY, "challenge": CHALLENGE, "plain": PLAIN}


def test_whether_it_was_challenged_is_asked_anew_only_where_the_replies_are(
    classifier: Classifier,
) -> None:
    lines = [line.split() for line in CHALLENGES.strip().splitlines()]
    rows = [
        row(
            n, scope=scope, chat_key=scope, author_key=who, text=TEXTS[what], challenged=SAID[old],
            sent_hour=9 + n, model_versions=OLD,
        )
        for n, (scope, who, what, old, _) in enumerate(lines)
    ]  # fmt: skip
    after = [found.challenged for found in reclassify(rows, classifier)]
    assert after == [SAID[new] for *_, new in lines]


def test_it_leaves_what_is_sealed_to_intake_and_what_has_no_text(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.erasure_world.VERSIONS", OLD)
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    assert outdated(world.settings, world.keys, shipped_version()) == []
    now = datetime.now(UTC)
    retain(world.settings, world.keys, now + timedelta(days=61))  # the sealed export goes
    assert len(outdated(world.settings, world.keys, shipped_version())) == 1
    retain(world.settings, world.keys, now + timedelta(days=91))  # and so does the text
    assert outdated(world.settings, world.keys, shipped_version()) == []


def test_what_is_withdrawn_meanwhile_does_not_come_back(
    world: World, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.erasure_world.VERSIONS", OLD)
    handed = world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.load()
    (shard,) = find_shards(world.settings.staged)

    def withdrawn_first(*arguments: object) -> list[StagedRow]:
        found = reclassify(*arguments)  # type: ignore[arg-type]
        withdraw(handed.receipt, world.settings, world.keys, TODAY)
        return found

    monkeypatch.setattr("pipelines.reclassify.reclassify", withdrawn_first)
    done = reclassify_shards([shard], classifier, world.settings, world.keys)
    assert done["shards"] == 0
    assert list(world.settings.staged.iterdir()) == []


def test_labels_of_what_another_classifier_flagged_are_not_counted(world: World) -> None:
    """Error rates are those of one classifier; a text that is gone keeps the flags of its own."""
    rows = {
        name: [
            row(n, text=PLAIN, risks=NOTHING, submission_key=name, contributor_key=name,
                chat_key=name, fingerprint=f"{name} {n}", model_versions=versions)
            for n in range(4)
        ]
        for name, versions in (("old", OLD), ("new", VERSIONS))
    }  # fmt: skip
    for each in rows.values():
        stage(world.settings.staged, world.keys, each)
    load()
    with open_warehouse(world.settings.warehouse, world.keys.data) as connection:
        draw(connection, "2026-10", 8, "seed")
        store = Store(lambda: nullcontext(connection), "labeller-a")
        for item in store.queue():
            store.record(item, [])
        judged = labelled_sample(connection, VERSIONS["classifier"]).by_category["ANY"]
        assert {message.contributor_key for message in judged} == {key("new")}
        assert sum(message.weight for message in judged) == 8
        assert labelled_sample(connection, "of-tomorrow").by_category == {}
