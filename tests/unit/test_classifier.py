"""What the lexicon makes of invented messages: category tables, contrast pairs, kinds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines.classify.classifier import Classifier
from pipelines.classify.taxonomy import CODES, PROTECTIVE_CODE, load_taxonomy
from pipelines.contracts import CleanMessage, MessageKind, Risks, Unclassified

CLASSIFIER = Classifier.load()

# The taxonomy marks with brackets what de-identification has replaced by the time we read it.
REDACTED = {
    "14 [street]": "<ADDRESS>",
    "22 [street]": "<ADDRESS>",
    "[name]": "<PERSON>",
    "4/5/91": "<DATE_OF_BIRTH>",
}


def redact(text: str) -> str:
    for bracketed, placeholder in REDACTED.items():
        text = text.replace(bracketed, placeholder)
    return text


def flags(text: str) -> set[str]:
    return set(CLASSIFIER.read(text).flags)


def examples(side: str) -> list[tuple[str, str]]:
    return [(c.code, redact(text)) for c in load_taxonomy().categories for text in getattr(c, side)]


@pytest.mark.parametrize(("code", "text"), examples("positives"))
def test_taxonomy_positives(code: str, text: str) -> None:
    assert code in flags(text)


@pytest.mark.parametrize(("code", "text"), examples("hard_negatives"))
def test_taxonomy_hard_negatives(code: str, text: str) -> None:
    risks = flags(text) - {PROTECTIVE_CODE}
    assert not risks
    assert code != PROTECTIVE_CODE or PROTECTIVE_CODE not in flags(text)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("DISC", "All immigrants are lazy if you ask me"),
        ("DISC", "She only got promoted because she ticks every box"),
        ("SEXM", "Women can't drive the carrier, everyone knows it"),
        ("SEXM", "Did she sleep her way up? She slept her way to sergeant"),
        ("VIOL", "Someone should push him down the stairs"),
        ("VIOL", "I'd happily strangle him"),
        ("FORC", "Gave him a couple of sly digs on the way in"),
        ("FORC", "Search him for anything, make up some grounds"),
        ("FORC", "Switch your body worn off first"),
        ("BULL", "Don't talk to <PERSON>, he's a snitch"),
        ("BULL", "Everyone laughs at her behind her back"),
        ("INSU", "That estate is full of scum"),
        ("INSU", "The victim stinks lol"),
        ("OPS", "Warrant at <ADDRESS> 5am"),
        ("OPS", "We lift <PERSON> tomorrow at 6am"),
        ("OPS", "Screenshot of the briefing attached"),
        ("OPS", "Source says the gear is in the loft"),
        ("PERS", "<PERSON> dob <DATE_OF_BIRTH>"),
        ("PERS", "Victim is <PERSON>, she lives at <ADDRESS>"),
        ("PERS", "Looked up my neighbour on Niche"),
        ("INTG", "Wipe your messages before PSD ask for the phones"),
        ("INTG", "Let's get our stories straight"),
        ("INTG", "Move to Signal so they can't read it"),
        ("FITN", "Still drunk, driving the van in an hour"),
        ("FITN", "Two cheeky pints before lates"),
        ("DISR", "Sold the story to a journalist"),
        ("DISR", "Fair play to the rioters, they had a point"),
        ("SPUP", "Lads that's not on, delete it"),
        ("SPUP", "Please don't put names on here"),
        ("SPUP", "Are you ok after what he said?"),
        ("SPUP", "I've reported it to the sergeant"),
    ],
)
def test_plain_cases(code: str, text: str) -> None:
    assert code in flags(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anyone free to cover Saturday lates?",
        "Happy birthday <PERSON>, cake in the kitchen",
        "Radio battery is dead again, third time this week",
        "Stuck at hospital with a prisoner till 4am",
        "Who has the keys to the van?",
        "IC1 female, 5ft 4, blue coat, last seen near <LOCATION>",
        "Force used form submitted, BWV uploaded",
        "Great work last night everyone, missing child found safe",
        "Muslim prayer room is open on the second floor now",
        "Proud to be a gay officer in this force",
        "He threatened to kill her, so we have arrested him",
        "I could kill for a cup of tea",
        "PSD input on phones and social media on Monday",
        "Found drunk behind the wheel so nicked him for drink drive",
        "What time does the pub quiz start",
    ],
)
def test_everyday_talk_is_left_alone(text: str) -> None:
    assert flags(text) == set()


@pytest.mark.parametrize(
    ("code", "endorsed", "not_endorsed"),
    [
        ("VIOL", "Give her a slap", "Suspect said he would give her a slap, statement taken"),
        ("DISC", "All travellers are thieves", "It is racist to say all travellers are thieves"),
        ("INTG", "Delete this chat before PSD see it", "Don't delete this chat before PSD see it"),
        ("BULL", "Nobody talk to him", "He told me he felt bullied: nobody talk to him, they said"),
        ("FORC", "Teach him a lesson", "Misconduct hearing over a comment to teach him a lesson"),
        ("INSU", "They are pure scum", "Male shouted that we are pure scum, crimed as s5"),
        ("FITN", "Drove home from the pub pissed", "News article: man drove home pissed from pub"),
        ("SPUP", "I will report it to PSD", "Ooh careful, he will report it to PSD lol"),
    ],
)
def test_stance_decides(code: str, endorsed: str, not_endorsed: str) -> None:
    assert code in flags(endorsed)
    assert code not in flags(not_endorsed)


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


RISKY = "Delete this chat before PSD get hold of it"


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
    assert (risks.flags == ("INTG",)) is read
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
    assert [r.flags for r in risks] == [(), ("INTG",), ()]
    assert all(tuple(r.probabilities) == CODES for r in risks)


def test_a_decision_can_be_explained_and_traced_to_its_data() -> None:
    assert "delete or conceal" in CLASSIFIER.explain(RISKY)
    assert CLASSIFIER.explain("on my way") == []
    assert CLASSIFIER.version == Classifier.load().version
    assert CLASSIFIER.version.startswith("lexicon-")
