"""The engine with everything real: Presidio, the lists, the name model."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer

from bench.deid.differential import differences
from pipelines.contracts import Chat, CleanMessage, LineTally, Message, MessageKind
from pipelines.deidentify.engine import MAX_CHARS, Deidentifier
from pipelines.deidentify.entities import UNPROCESSED
from pipelines.deidentify.model.spans import NameSpan
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.deidentify.text import clean, fold
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.settings import Settings
from pipelines.synthetic.generate import generate

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def chat(*lines: tuple[str | None, str], names: Sequence[str] = ()) -> Chat:
    messages = [
        Message(n, NOON, sender, MessageKind.TEXT if sender else MessageKind.SYSTEM, text)
        for n, (sender, text) in enumerate(lines)
    ]
    return Chat("whatsapp", messages, LineTally(), frozenset(names))


@pytest.fixture(scope="module")
def engine() -> Deidentifier:
    return Deidentifier.load()


def texts(messages: Sequence[CleanMessage]) -> list[str]:
    return [message.text for message in messages]


def test_a_chat_loses_its_identities_and_nothing_else(engine: Deidentifier) -> None:
    cleaned = engine.deidentify(
        chat(
            (None, "Dave Smith added +44 7700 900456"),
            ("Dave Smith", "PC 2981 and Sgt Khan are at 14 Larch Road, M14 5TP"),
            ("Priya", "cheers dave, ring me on 07700 900123"),
            ("Dave Smith", "khan is off at 1900, M25 is shut, back 0700-1500 in May"),
            ("Priya", "@Dave Smith see https://example.com/x"),
        )
    )
    assert [message.sender for message in cleaned] == [None, "P1", "P2", "P1", "P2"]
    assert texts(cleaned) == [
        "<PERSON> added <PHONE>",
        "PC <COLLAR_NUMBER> and Sgt <PERSON> are at <ADDRESS>, <POSTCODE>",
        "cheers <PERSON>, ring me on <PHONE>",
        "<PERSON> is off at 1900, M25 is shut, back 0700-1500 in May",
        "@<PERSON> see <URL>",
    ]
    for message in cleaned:
        for entity in message.entities:
            assert message.text[entity.start : entity.end] == f"<{entity.type}>"


STAYS = [
    "anyone free for OT on sunday in may?",
    "M25 J10 is shut, A45 slow, get the 45 bus",
    "IC3 male, 6ft, grey hoodie, grade 1",
    "the sgt and the DI want a word, says the guv",
    "taser, baton and pava all issued",
    "will you mark the rota please",
    "off at 1900, back on 0700-1500, 22:00 finish",
    "court on 12/03/26, leave from 12 March",
    "response are short, custody is full",
    "s18 or s47? PACE code C says otherwise",
    "charged, s.47 and two s.39s",
    "oh the poor lady. Is anybody with her?",
    "CCTV coach C, seats 20 to 30",
    "fire alarm test at 11 tomorra",
]


def test_a_title_with_an_initial_is_somebody(engine: Deidentifier) -> None:
    said = ["Sister M is on the ward", "ask Judge K about it", "Ms. Brindlow rang"]
    kept = texts(engine.deidentify(chat(*(("Priya Kaur", text) for text in said))))
    expected = ["<PERSON> is on the ward", "ask <PERSON> about it", "<PERSON> rang"]
    assert kept == expected


@pytest.mark.parametrize("text", STAYS)
def test_ordinary_shift_talk_stays(engine: Deidentifier, text: str) -> None:
    assert texts(engine.deidentify(chat(("Priya Kaur", text)))) == [text]


def test_who_is_named_once_for_certain_goes_everywhere(engine: Deidentifier) -> None:
    cleaned = engine.deidentify(chat(("A", "PC Okonjola has it"), ("B", "well okonjola lost it")))
    assert "okonjola" not in " ".join(texts(cleaned)).lower()


DISGUISES = ["Ｄａｖｅ", "D\u200bave", "D\u0336a\u0336v\u0336e\u0336", "DAVE", "d\u0430ve"]


@pytest.mark.parametrize("written", DISGUISES)
def test_disguised_members_are_found(engine: Deidentifier, written: str) -> None:
    cleaned = engine.deidentify(chat(("Dave Smith", f"it was {written} again")))
    assert texts(cleaned) == ["it was <PERSON> again"]


def test_raw_numbers_do_not_survive_beside_emoji_or_lines(engine: Deidentifier) -> None:
    raw = "📞07700900123📧a.b@example.com\nhttps://example.com/z😀"
    text = engine.deidentify(chat(("A", raw)))[0].text
    assert not regex.search(r"\d|@|example", text)


def test_too_long_fails_closed_and_says_so_in_the_text_alone(engine: Deidentifier) -> None:
    cleaned = engine.deidentify(chat(("A", "x" * (MAX_CHARS + 1)), ("A", "fine")))
    assert texts(cleaned) == [UNPROCESSED, "fine"]


class Broken(TokenRecognizer):
    """A recogniser that fails on one word."""

    def find(self, text, tokens):  # type: ignore[no-untyped-def]
        if any(token.low == "trouble" for token in tokens):
            raise RuntimeError("a message about Dave")
        return []


class Slow(PatternRecognizer):
    """A pattern that takes for ever on a row of a's."""

    def __init__(self) -> None:
        super().__init__("PERSON", patterns=[Pattern("slow", r"(a|aa)+$", 0.9)])


@pytest.mark.parametrize(
    ("recogniser", "bad"), [(Broken(), "trouble again"), (Slow(), "a" * 60 + "!")]
)
def test_a_failing_recogniser_costs_its_message_only(
    recogniser: EntityRecognizer, bad: str, caplog: pytest.LogCaptureFixture
) -> None:
    cleaned = Deidentifier([recogniser]).deidentify(chat(("P", bad), ("P", "all fine here")))
    assert texts(cleaned) == [UNPROCESSED, "all fine here"]
    assert bad not in caplog.text


SAMPLE = 150  # messages of a synthetic collection; bench/deid_speed.py compares whole ones

CORPUS = [
    *STAYS,
    "Dave and sharon are at 14 Larch Road M14 5TP with PC 2981",
    "crime 22/12345/24, CAD 1234 of 12/03, custody KF/01234/24, URN 01AB1234524",
    "NI ZY 12 34 56 C nhs 999 000 0018 dob 12/03/1985 passport 123456789",
    "AB12 CDE stopped in Middlesbrough, driver Jerome Tasker, 07700 900123",
    "op larkspur at the Corn Exchange, Bravo 21 and tango two one attending",
    "sort code 12-34-56 account 12345678, card 4111 1111 1111 1111",
    "///filled.count.soap near wetherthorpe, insta is dave.s88, a@example.com",
    "lost child, ottoline aged 6, mum is mrs lindqvist of Hale Pinder LLP",
    "imei 490154203237518 from 192.168.1.10, GB82 WEST 1234 5698 7654 32",
]


def test_the_fast_path_finds_what_presidio_finds(engine: Deidentifier) -> None:
    seen = [fold(text).text for text in CORPUS + [text.lower() for text in CORPUS]]
    assert list(differences(engine.analyzer, seen)) == []
    # from memory, and among other texts
    assert list(differences(engine.analyzer, seen[::-1])) == []


def test_the_fast_path_finds_what_presidio_finds_in_a_collection(
    engine: Deidentifier, tmp_path: Path
) -> None:
    collection = generate(tmp_path, forces=1, volunteers=3, months=2, seed=11)
    texts = {
        fold(clean(message.text)).text
        for submission in collection.submissions
        for chat in read_chats(open_plain(submission.path), Settings())
        for message in chat.messages
    }
    sample = sorted(texts)[:: max(1, len(texts) // SAMPLE)]
    assert len(sample) >= SAMPLE
    assert list(differences(engine.analyzer, sample)) == []


def test_what_is_remembered_of_a_text_stays_in_the_process(engine: Deidentifier) -> None:
    engine.deidentify(chat(("A", "ask zebedee about it")))
    with pytest.raises(TypeError):
        pickle.dumps(engine)


SAID = (
    "dave Dave Smith will Will khan sgt PC 2981 the in at ring 07700900123 @dave 🚓 , . \n 's M25 "
    "reading Reading on May zoë Zoë O'Neill AB12 CDE <PERSON> \u200b"
)
WORDS = st.sampled_from(SAID.split(" "))


@given(st.lists(st.lists(WORDS, max_size=8), min_size=1, max_size=6))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_chat_comes_out_whole_and_without_its_roster(
    engine: Deidentifier, lines: list[list[str]]
) -> None:
    raw = chat(*(("Dave Smith", " ".join(words)) for words in lines))
    cleaned = engine.deidentify(raw)
    assert [m.seq for m in cleaned] == [m.seq for m in raw.messages]
    assert cleaned == engine.deidentify(raw)
    for message in cleaned:
        assert not regex.search(r"(?i)\bdave\b|07700900123", message.text)
        for entity in message.entities:
            assert message.text[entity.start : entity.end] == f"<{entity.type}>"


def test_a_nickname_that_is_a_word_is_found_by_the_whole_chat(engine: Deidentifier) -> None:
    doubtful = "who has bones on today"
    assert texts(engine.deidentify(chat(("Raj", doubtful)))) == [doubtful]
    said = ["ask bones", "bones is late", "told bones twice", "bones not coming", doubtful]
    cleaned = texts(engine.deidentify(chat(*(("Raj", text) for text in said))))
    assert cleaned == [text.replace("bones", "<PERSON>") for text in said]


class SaysOnce:
    """An encoder that is sure of one person, in one text alone."""

    def find(self, texts):
        name = "bones's"
        found = [NameSpan("PERSON", 8, 8 + len(name), 0.99)]
        return [found if text == f"meet at {name}" else [] for text in texts]


def test_who_a_place_is_called_after_goes_everywhere() -> None:
    said = chat(("Raj", "meet at bones's"), ("Raj", "bones late"))
    cleaned = texts(Deidentifier([NameModel(SaysOnce())]).deidentify(said))
    assert cleaned == ["meet at <PERSON>", "<PERSON> late"]
