"""What a volunteer is told of their export, in words and counts."""

from __future__ import annotations

from datetime import UTC, datetime

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
from pipelines.scrub_summary import Summary

NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)
TEXT, SYSTEM = MessageKind.TEXT, MessageKind.SYSTEM
ROWS = [
    # sender, as P…, kind, entities, flags, unclassified
    ("Tamsin Vole", "P1", TEXT, ["PERSON", "PHONE"], ["DISC"], None),
    ("~\u202fTamsin vole", "P1", TEXT, ["PERSON"], [], None),
    ("Jo Pell", "P2", TEXT, ["PERSON"], ["BULL"], None),
    ("Jo Pell", "P2", TEXT, [], [], Unclassified.OTHER_LANGUAGE),
    (None, None, SYSTEM, ["PERSON"], [], None),
]


def summary_for(me: str | None) -> Summary:
    raw = [Message(n, NOON, row[0], row[2], "") for n, row in enumerate(ROWS)]
    clean = [
        CleanMessage(n, NOON, row[1], row[2], "", tuple(Entity(e, 0, 1) for e in row[3]), row[5])
        for n, row in enumerate(ROWS)
    ]
    tally = LineTally(5, 5)
    tally.suspicious["pasted_header"] = 1
    chat = Chat("whatsapp", raw, tally, notes=("date_order_ambiguous",))
    summary = Summary()
    summary.add(chat, clean, [Risks({}, tuple(row[4])) for row in ROWS], me)
    return summary


def test_what_is_theirs_and_what_would_be_kept_of_it() -> None:
    assert list(summary_for("tamsin Vole").sentences()) == [
        "1 chat, 5 messages by 2 people.",
        "Removed: 5 identities (person 4, phone 1).",
        "Yours: 1 message.",
        "Removed from yours: 2 identities (person 1, phone 1).",
        "Seen in yours: discriminatory content 1.",
        "Kept if you submit: that 1, as it stands above. Of the other 3 nothing is, unless "
        "everybody agreed (--whole-chat).",
        "Withheld, word for word, and in no category: 1 message.",
        "Noticed while reading: date order ambiguous 1, pasted header 1.",
    ]


def test_without_a_name_nothing_is_said_to_be_theirs() -> None:
    said = list(summary_for(None).sentences())

    assert said[2].startswith("Name yourself with --me")
    assert summary_for(None).as_dict()["mine"] is None


def test_a_name_that_nobody_has_is_said_to_be_wrong() -> None:
    assert "None is by the name given" in " ".join(summary_for("Sam Hollow").sentences())
    assert summary_for("Sam Hollow").as_dict()["mine"] == 0


def test_counts_for_scripts() -> None:
    counts = summary_for("Tamsin Vole").as_dict()

    assert (counts["messages"], counts["system"], counts["mine"]) == (5, 1, 1)
    assert counts["mine_entities"] == {"PERSON": 1, "PHONE": 1}
    assert counts["flags"] == {"DISC": 1, "BULL": 1}
