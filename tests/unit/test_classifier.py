"""The shipped classifier behind the job's interface: kinds, stance, placeholders, versions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines.classify.classifier import Classifier
from pipelines.classify.taxonomy import CODES
from pipelines.contracts import CleanMessage, MessageKind, Risks, Unclassified

CLASSIFIER = Classifier.load()


def flags(text: str) -> set[str]:
    return set(CLASSIFIER.read(text).flags)


@pytest.mark.parametrize(
    ("code", "endorsed", "not_endorsed"),
    [
        ("VIOL", "Give her a slap", "Suspect said he would give her a slap, statement taken"),
        (
            "DISC",
            "Those immigrants are all the same, should be sent back",
            "He told the neighbour immigrants should be sent back, recorded as a hate crime",
        ),
        (
            "FORC",
            "Gave him a few extra digs in the van when nobody was looking",
            "Use of force form done, taser drawn not discharged, BWV uploaded",
        ),
        (
            "INSU",
            "That family are pure scum, should be sterilised",
            "Male shouted that we are pure scum, crimed as s5",
        ),
        (
            "OPS",
            "Door goes in at 5am tomorrow at <ADDRESS>, bring the big key",
            "Court at 5 tomorrow, bring your tunic",
        ),
        (
            "SPUP",
            "Mate that is not ok, take it down",
            "That is out of order, the vending machine took my money",
        ),
    ],
)
def test_stance_decides(code: str, endorsed: str, not_endorsed: str) -> None:
    assert code in flags(endorsed)
    assert flags(not_endorsed) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Anyone free to cover Saturday lates?",
        "Happy birthday <PERSON>, cake in the kitchen",
        "Radio battery is dead again, third time this week",
        "I could kill for a cup of tea",
        "Proud to be a gay officer in this force",
        "Freezing on this cordon",
        "on my way",
    ],
)
def test_everyday_talk_is_left_alone(text: str) -> None:
    assert flags(text) == set()


@pytest.mark.parametrize(
    "placeholder",
    [
        "PERSON",
        "ADDRESS",
        "DATE_OF_BIRTH",
        "PHONE",
        "VEHICLE",
        "OPERATION",
        "CALL_SIGN",
        "LOCATION",
    ],
)
def test_a_placeholder_alone_is_no_evidence(placeholder: str) -> None:
    assert flags(f"<{placeholder}>") == set()
    assert flags(f"see you at <{placeholder}> later") == set()


def message(text: str, kind: MessageKind = MessageKind.TEXT) -> CleanMessage:
    return CleanMessage(0, datetime(2026, 3, 2, tzinfo=UTC), "P1", kind, text)


RISKY = "Door goes in at 5am tomorrow at <ADDRESS>, bring the big key"


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        (MessageKind.TEXT, True),
        (MessageKind.POLL, True),
        (MessageKind.MEDIA, True),  # its caption
        (MessageKind.SYSTEM, False),
        (MessageKind.CALL, False),
        (MessageKind.STICKER, False),
        (MessageKind.DELETED, False),
        (MessageKind.CONTACT, False),
        (MessageKind.LOCATION, False),
    ],
)
def test_only_kinds_with_words_are_read(kind: MessageKind, read: bool) -> None:
    (risks,) = CLASSIFIER.classify([message(RISKY, kind)])
    assert ("OPS" in risks.flags) is read
    assert (max(risks.probabilities.values()) > 0) is read


def test_nothing_to_read_is_all_zero() -> None:
    assert CLASSIFIER.classify([message("")]) == [Risks(dict.fromkeys(CODES, 0.0), ())]


@pytest.mark.parametrize("why", Unclassified)
def test_what_is_unclassified_is_not_read_and_not_called_clean(why: Unclassified) -> None:
    unread = replace(message(RISKY), unclassified=why)
    assert CLASSIFIER.classify([unread, message(RISKY)])[0] == Risks({}, ())


def test_every_code_has_a_probability_and_order_is_kept() -> None:
    texts = ["on my way", RISKY, "on my way"]
    risks = CLASSIFIER.classify([message(text) for text in texts])
    assert ["OPS" in r.flags for r in risks] == [False, True, False]
    assert all(tuple(r.probabilities) == CODES for r in risks)


def test_the_version_names_the_taxonomy_and_the_weights() -> None:
    assert CLASSIFIER.version == Classifier.load().version
    assert CLASSIFIER.version.startswith("risks-")
    assert CLASSIFIER.version.endswith(CLASSIFIER.encoder.digest[:12])
