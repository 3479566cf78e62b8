"""A whole synthetic collection: its truth against its files, and against the intake's reader."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.intake.manifest import Consent
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.settings import Settings
from pipelines.synthetic.generate import Collection, generate

CANARIES = 30
MONTHS = 5
Rows = dict[int, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return make(tmp_path_factory.mktemp("collection"))


def make(folder: Path, seed: int = 5) -> Collection:
    return generate(
        folder, forces=2, volunteers=8, months=MONTHS, end_month="2026-06", seed=seed,
        risk_scale=3, canaries=CANARIES,
    )  # fmt: skip


@pytest.fixture(scope="module")
def rows(collection: Collection) -> Rows:
    """``truth.parquet`` by export."""
    by_export: Rows = defaultdict(list)
    for row in pq.read_table(collection.messages).to_pylist():
        by_export[row["export"]].append(row)
    return by_export


@pytest.fixture(scope="module")
def summary(collection: Collection) -> dict[str, Any]:
    return json.loads(collection.summary.read_text())  # type: ignore[no-any-return]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(collection, tmp_path):
    again = make(tmp_path / "again")
    assert digests(again.folder) == digests(collection.folder)
    other = make(tmp_path / "other", seed=6)
    assert digests(other.folder) != digests(collection.folder)


def test_intake_reads_every_message_as_the_truth_has_it(collection, rows):
    """Seen through the real reader: kinds, times to the minute, who is the volunteer."""
    for number, submission in enumerate(collection.submissions):
        (chat,) = read_chats(open_plain(submission.path), Settings())
        assert not chat.tally.rejected
        expected = rows[number]
        assert [m.kind.value for m in chat.messages] == [row["kind"] for row in expected]
        assert [m.sent_at.strftime("%F %R") for m in chat.messages] == [
            row["sent_at"].strftime("%F %R") for row in expected
        ]
        mine = [m.kind != "system" and m.sender == submission.volunteer_name
                for m in chat.messages]  # fmt: skip
        assert mine == [row["by_volunteer"] for row in expected]


def test_every_planted_identity_is_in_its_message(collection, rows):
    for number, submission in enumerate(collection.submissions):
        (chat,) = read_chats(open_plain(submission.path), Settings())
        for message, row in zip(chat.messages, rows[number], strict=True):
            # The reader keeps a contact card's name beside the message, not in it.
            shown = {message.text} | (chat.names if row["kind"] == "contact" else frozenset())
            assert all(any(v in text for text in shown) for v in row["identity_values"])


def test_monthly_counts_are_those_of_the_messages(rows, summary):
    """Each message of a chat once, whoever exported it, where consent covers it."""
    force_of = {export["number"]: export["force_code"] for export in summary["exports"]}
    texts: Counter[tuple[str, str]] = Counter()
    categories: Counter[tuple[str, str, str]] = Counter()
    seen = set()
    for number, listed in rows.items():
        for row in listed:
            key = (row["chat"], row["message"])
            if row["kind"] != "text" or not row["in_scope"] or key in seen:
                continue
            seen.add(key)
            cell = (force_of[number], row["sent_at"].strftime("%Y-%m"))
            texts[cell] += 1
            categories.update((*cell, code) for code in row["categories"])
    for force, truth in summary["forces"].items():
        for month, planted in truth["months"].items():
            assert planted["actual"]["texts"] == texts[force, month]
            for code, count in planted["actual"]["categories"].items():
                assert count == categories[force, month, code]
    assert sum(texts.values()) > 2_000


def test_what_was_planted_is_what_came_out(summary):
    """Totals over the collection lie within four standard deviations of the plan."""
    expected: Counter[str] = Counter()
    actual: Counter[str] = Counter()
    for truth in summary["forces"].values():
        for month in truth["months"].values():
            texts = month["actual"]["texts"]
            for code, rate in month["planted"]["risk"].items():
                expected[code] += rate * texts
                actual[code] += month["actual"]["categories"].get(code, 0)
    assert len(expected) == 11
    for code, mean in expected.items():
        assert abs(actual[code] - mean) < 4 * mean**0.5


def test_a_challenged_text_is_answered_by_a_colleague(rows):
    for listed in rows.values():
        for row, following in pairwise(listed):
            if row["challenged"]:
                assert following["categories"] == ["SPUP"]
                assert not (row["by_volunteer"] and following["by_volunteer"])


def test_two_exports_of_one_chat_overlap(rows, summary):
    assert len(summary["shared"]) == 4  # two pairs in each of two forces
    for pair in summary["shared"]:
        first, second = ({row["message"] for row in rows[n]} - {-1} for n in pair["exports"])
        assert second < first
        assert len(second) == pair["messages"]


def test_every_canary_is_in_an_export_and_nowhere_else_twice(collection, summary):
    texts = []
    for submission in collection.submissions:
        (chat,) = read_chats(open_plain(submission.path), Settings())
        texts.append("\n".join(f"{m.sender} {m.text}" for m in chat.messages))
    for canary in summary["canaries"]:
        found = [n for n, text in enumerate(texts) if canary["value"] in text]
        assert canary["export"] in found
        assert len({summary["exports"][n]["chat"] for n in found}) == 1
    assert len(summary["canaries"]) == CANARIES


def test_consents_pass_the_manifest(collection):
    scopes = Counter(Consent.model_validate(s.consent).scope.value for s in collection.submissions)
    assert scopes == {"own_messages": 12, "whole_chat": 4}


def test_submissions_file_says_the_same(collection):
    lines = (collection.folder / "submissions.jsonl").read_text().splitlines()
    listed = [json.loads(line) for line in lines]
    assert [collection.folder / entry["path"] for entry in listed] == [
        submission.path for submission in collection.submissions
    ]
    assert len({entry["contributor"] for entry in listed}) == 16


def test_texts_repeat_as_in_real_chats(collection, rows):
    """Short answers recur, most sentences do not."""
    (chat,) = read_chats(open_plain(collection.submissions[0].path), Settings())
    texts = Counter(m.text for m in chat.messages if m.kind == "text")
    assert 0.5 < len(texts) / texts.total() < 0.95
