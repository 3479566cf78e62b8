"""What is kept of a message. Inputs and expected rows side by side; all people are invented."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pyrage
import pytest

from pipelines.contracts import (
    Chat,
    CleanMessage,
    Entity,
    LineTally,
    Message,
    MessageKind,
    Risks,
    Unclassified,
)
from pipelines.keys import Keys
from pipelines.staging.counts import LedgerError, StageCounts
from pipelines.staging.fingerprint import fingerprint, is_distinctive, normalise
from pipelines.staging.rows import Origin, ReadChat, group_band, stage_rows
from pipelines.staging.schema import StagedRow

IDENTITY = pyrage.x25519.Identity.generate()
KEYS = Keys(IDENTITY.to_public(), IDENTITY, b"p" * 32, "d" * 64)
START = datetime(2026, 7, 31, 22, 58, tzinfo=UTC)  # 23:58 on 31 July in London
TEXT, MEDIA, SYSTEM = MessageKind.TEXT, MessageKind.MEDIA, MessageKind.SYSTEM


def origin(scope: str = "own_messages", contributor: str = "C-1", **changes: str) -> Origin:
    fields = {"submission_id": "s1", "force_code": "E23000001", "volunteer_name": "Bex Marlowe"}
    return Origin(
        contributor=contributor, scope=scope, model_versions={"m": "1"}, **(fields | changes)
    )


def message(seq: int, sender: str | None, text: str, kind: MessageKind = TEXT) -> Message:
    return Message(seq, START + timedelta(minutes=seq), sender, kind, text)


def read(*messages: Message, rejected: int = 0) -> ReadChat:
    n = len(messages)
    tally = LineTally(n + rejected, n, Counter(no_header=rejected) if rejected else Counter())
    clean = [CleanMessage(m.seq, m.sent_at, m.sender, m.kind, f"clean {m.seq}") for m in messages]
    return ReadChat(
        Chat("whatsapp", messages, tally), clean, [Risks({"DISC": 0.1}, ())] * n, [None] * n
    )


TEAM = read(
    message(0, None, "Messages are end-to-end encrypted", SYSTEM),
    message(1, "Bex Marlowe", "anyone got the van keys"),
    message(2, "Tom Ashdown", "in the tray"),
    message(3, "bex  marlowe\u200e", "ta"),
    rejected=2,
)


@pytest.mark.parametrize(
    ("scope", "texts", "other_members"),
    [
        ("own_messages", ["clean 1", "clean 3"], 1),
        ("whole_chat", ["clean 1", "clean 2", "clean 3"], 0),
    ],
)
def test_only_what_the_consent_covers_is_staged(
    scope: str, texts: list[str], other_members: int
) -> None:
    rows, counts = stage_rows(origin(scope), [TEAM], KEYS)
    assert [row.text for row in rows] == texts
    assert counts == StageCounts(
        chats=1, lines_in=6, lines_in_messages=4, messages=4, system=1,
        other_members=other_members, staged=len(texts), unprocessed=0, rejected={"no_header": 2},
    )  # fmt: skip


def test_a_row_holds_the_london_date_and_hour_and_no_minute() -> None:
    rows, _ = stage_rows(origin(), [TEAM], KEYS)
    assert [(row.sent_on, row.sent_hour) for row in rows] == [
        (date(2026, 7, 31), 23),  # 22:59 UTC
        (date(2026, 8, 1), 0),  # 23:01 UTC
    ]
    assert not any("minute" in name or name == "sent_at" for name in StagedRow.__slots__)


def test_a_row_counts_entities_and_keeps_risks() -> None:
    clean = CleanMessage(
        0, START, "P1", TEXT, "<PERSON> and <PERSON> at <LOCATION>",
        (Entity("PERSON", 0, 8), Entity("PERSON", 13, 21), Entity("LOCATION", 25, 35)),
    )  # fmt: skip
    risks = Risks({"OPS": 0.9, "DISC": 0.1}, ("OPS",))
    chat = Chat("whatsapp", [message(0, "Bex Marlowe", "raw")], LineTally(1, 1))
    (row,), counts = stage_rows(origin(), [ReadChat(chat, [clean], [risks], [True])], KEYS)
    assert row.entities == {"LOCATION": 1, "PERSON": 2}
    assert (row.risks, row.flags, row.challenged) == ({"DISC": 0.1, "OPS": 0.9}, ["OPS"], True)
    assert (row.text, row.n_chars) == (clean.text, 35)
    assert "OPS" not in str(counts.to_json()), "counts are kept beside the shard, in the clear"


@pytest.mark.parametrize(
    ("why", "text"), [("unprocessed", "<UNPROCESSED>"), ("other_language", "<OTHER_LANGUAGE>!")]
)
def test_what_is_not_classified_is_marked_and_counted(why: str, text: str) -> None:
    chat = read(message(0, "Bex Marlowe", "raw")).chat
    clean = [CleanMessage(0, START, "P1", TEXT, text, unclassified=Unclassified(why))]
    (row,), counts = stage_rows(origin(), [ReadChat(chat, clean, [Risks({}, ())], [None])], KEYS)
    assert (row.unclassified, row.risks, row.flags) == (why, {}, [])
    found = {"unprocessed": counts.unprocessed, "other_language": counts.other_language}
    assert found == {"unprocessed": 0, "other_language": 0} | {why: 1}


def test_a_lone_surrogate_in_clean_text_does_not_stop_staging() -> None:
    chat = read(message(0, "Bex Marlowe", "\ud83d"))
    clean = [CleanMessage(0, START, "P1", TEXT, "\ud83d")]
    (row,), _ = stage_rows(origin(), [ReadChat(chat.chat, clean, chat.risks, [None])], KEYS)
    assert row.text == "?"


def test_keys_link_one_volunteers_submissions_and_nobody_elses() -> None:
    first, _ = stage_rows(origin("whole_chat"), [TEAM], KEYS)
    second, _ = stage_rows(origin("whole_chat", submission_id="s2"), [TEAM], KEYS)
    other, _ = stage_rows(origin("whole_chat", "C-2", submission_id="s3"), [TEAM], KEYS)
    volunteer, colleague, again = first
    assert volunteer.author_key == again.author_key == second[0].author_key
    assert colleague.author_key != second[1].author_key, "others are per submission"
    assert volunteer.contributor_key == second[0].contributor_key != other[0].contributor_key
    assert len({rows[0].chat_key for rows in (first, second, other)}) == 3
    assert len({rows[0].submission_key for rows in (first, second, other)}) == 3
    assert volunteer.fingerprint == other[0].fingerprint


@pytest.mark.parametrize(
    ("writers", "band"),
    [(1, "1-2"), (2, "1-2"), (3, "3-9"), (9, "3-9"), (10, "10-29"), (29, "10-29"), (30, "30+")],
)
def test_group_sizes_are_banded(writers: int, band: str) -> None:
    assert group_band([message(n, f"Member {n}", "hi") for n in range(writers)]) == band


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("See you at 6", "see  you at 6 "),
        ("\u200esee you", "see you"),
        ("thanks @\u2068Tom Ashdown\u2069 mate", "thanks @447700900123 mate"),
        ("running late <This message was edited>", "running late"),
        ("ﬁne", "fine"),
    ],
)
def test_two_exports_of_a_message_have_one_spelling(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (message(0, "Tom", "ok"), message(0, "Tommy (work)", "OK"), True),
        (message(0, "Tom", "ok"), message(1, "Tom", "ok"), False),
        (message(0, "Tom", "ok"), message(0, "Tom", "ok then"), False),
        (message(0, "Tom", "<Media omitted>", MEDIA), message(0, "Tom", "image", MEDIA), True),
        (message(0, "Tom", "", MEDIA), message(0, "Tom", "", MessageKind.STICKER), False),
    ],
)  # fmt: skip
def test_fingerprints(one: Message, other: Message, same: bool) -> None:
    assert (fingerprint(one, KEYS) == fingerprint(other, KEYS)) is same


def test_fingerprints_ignore_seconds_and_depend_on_the_key() -> None:
    one = message(0, "Tom", "ok")
    later = Message(0, START + timedelta(seconds=40), "Tom", TEXT, "ok")
    other = Keys(IDENTITY.to_public(), IDENTITY, b"q" * 32, "d" * 64)
    assert fingerprint(one, KEYS) == fingerprint(later, KEYS) != fingerprint(one, other)


@pytest.mark.parametrize(
    ("text", "kind", "distinctive"),
    [
        ("happy birthday mate", TEXT, False),  # 19 characters
        ("happy birthday mate!", TEXT, True),
        ("a" * 50, MEDIA, False),
    ],
)
def test_only_longer_texts_are_distinctive(text: str, kind: MessageKind, distinctive: bool) -> None:
    assert is_distinctive(message(0, "Tom", text, kind)) is distinctive


def test_a_lost_line_or_message_is_noticed() -> None:
    with pytest.raises(LedgerError, match="5 lines in but 4 accounted for"):
        StageCounts(1, 5, 4, 4, system=0, other_members=0, staged=4, unprocessed=0).check()
    with pytest.raises(LedgerError, match="4 messages read but 3 accounted for"):
        StageCounts(1, 4, 4, 4, system=1, other_members=0, staged=2, unprocessed=0).check()
