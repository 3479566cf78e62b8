"""The annotated chats parse, are big enough, share nothing; and the scorer counts as it says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.deid.corpora import read_conll
from bench.deid.presidio_evaluator_score import token_score
from bench.deid.report import LOWER, WRITTEN, Result, markdown
from bench.deid.scoring import AlignmentError, original_spans, tally
from bench.deid.testset import TEST_SET
from pipelines.contracts import CleanMessage, Entity, MessageKind
from pipelines.deidentify.training.example import Span
from pipelines.deidentify.training.markup import (
    Annotated,
    AnnotatedChat,
    MarkupError,
    load_chats,
    parse_chat,
    parse_markup,
)

DEV_SET = Path(__file__).parents[1] / "data" / "deid_dev"
TRAINING = Path(__file__).parents[2] / "pipelines" / "deidentify" / "training"
CHATS = [TRAINING / folder for folder in ("chats", "chats_held", "chats_unread")]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

# ---- markup ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "text", "spans"),
    [
        ("no marks", "no marks", []),
        ("ring [[Wil|PERSON]] ok", "ring Wil ok", [(5, 8, "PERSON")]),
        (
            "[[Wil|PERSON]][[12|COLLAR_NUMBER]]",
            "Wil12",
            [(0, 3, "PERSON"), (3, 5, "COLLAR_NUMBER")],
        ),
        ("the [[Crown|?]]\nnow", "the Crown\nnow", [(4, 9, "?")]),
    ],
)
def test_markup(marked: str, text: str, spans: list[tuple[int, int, str]]) -> None:
    assert parse_markup(marked) == (text, tuple(Span(*span) for span in spans))


@pytest.mark.parametrize("marked", ["[[Wil|NAME]]", "[[Wil]] rang", "[[Wil|PERSON", "Wil]] rang"])
def test_markup_that_is_not_closed_or_typed_is_refused(marked: str) -> None:
    with pytest.raises(MarkupError):
        parse_markup(marked)


def test_a_chat_file() -> None:
    chat = parse_chat(
        "x",
        "# a comment\nwl = Wil 🌱\nsz = Suze\n\nwl> hi [[suze|PERSON]]\n  bye\n\nsz> ok> fine\n",
    )
    assert chat == AnnotatedChat(
        "x",
        ("Wil 🌱", "Suze"),
        (
            Annotated("Wil 🌱", "hi suze\nbye", (Span(3, 7, "PERSON"),)),
            Annotated("Suze", "ok> fine"),
        ),
    )


@pytest.mark.parametrize("line", ["zz> a sender not on the roster", "neither one nor the other"])
def test_a_line_that_is_nothing_names_file_and_line(line: str) -> None:
    with pytest.raises(MarkupError, match="x line 2"):
        parse_chat("x", f"wl = Wil\n{line}\n")


def test_silent_members_reach_the_engine_as_names() -> None:
    chat = parse_chat("x", "wl = Wil\nsz = Suze\nwl> one\n  two\n").as_chat()
    assert chat.names == {"Suze"}
    assert [(m.sender, m.text, m.n_lines) for m in chat.messages] == [("Wil", "one\ntwo", 2)]
    chat.tally.check()


@given(st.text())
def test_lower_case_keeps_offsets(text: str) -> None:
    assert len(Annotated("", text).lowered().text) == len(text)


# ---- the two sets ---------------------------------------------------------------------------


def _messages(chats: list[AnnotatedChat]) -> list[Annotated]:
    return [message for chat in chats for message in chat.messages]


@pytest.mark.parametrize(
    ("folder", "messages", "identities"), [(TEST_SET, 600, 400), (DEV_SET, 150, 100)]
)
def test_size_and_balance(folder: Path, messages: int, identities: int) -> None:
    found = _messages(load_chats(folder))
    assert len(found) >= messages
    assert sum(len(message.identities) for message in found) >= identities
    clean = sum(not message.spans for message in found) / len(found)
    assert 0.3 <= clean <= 0.6


@pytest.mark.parametrize("folder", [TEST_SET, DEV_SET])
def test_spans_are_whole_words_in_order(folder: Path) -> None:
    for message in _messages(load_chats(folder)):
        ends = 0
        for span in message.spans:
            assert ends <= span.start < span.end <= len(message.text)
            surface = message.text[span.start : span.end]
            assert surface == surface.strip()
            assert not re.search(r"\w$", message.text[: span.start]) or not surface[0].isalnum()
            assert not re.match(r"\w", message.text[span.end :]) or not surface[-1].isalnum()
            ends = span.end


def _surfaces(chats: list[AnnotatedChat]) -> set[str]:
    people = {
        message.text[span.start : span.end].lower()
        for message in _messages(chats)
        for span in message.identities
    }
    return people | {name.lower() for chat in chats for name in chat.roster}


def test_the_sets_share_no_identity_and_no_sentence() -> None:
    test, dev = load_chats(TEST_SET), load_chats(DEV_SET)
    assert not _surfaces(test) & _surfaces(dev)
    sentences = [{m.text.lower() for m in _messages(chats)} for chats in (test, dev)]
    shared = {text for text in sentences[0] & sentences[1] if len(text.split()) > 3}
    assert not shared


@pytest.mark.parametrize("folder", CHATS)
def test_no_sentence_and_no_full_name_of_the_test_set_is_trained_on(folder: Path) -> None:
    test, trained = load_chats(TEST_SET), load_chats(folder)
    assert len(_messages(trained)) >= 500
    sentences = [{m.text.lower() for m in _messages(chats)} for chats in (test, trained)]
    assert not {text for text in sentences[0] & sentences[1] if len(text.split()) > 3}
    assert not {name for name in _surfaces(test) & _surfaces(trained) if " " in name}


# ---- where the clean text came from ---------------------------------------------------------


def _clean(text: str, *kinds: str) -> CleanMessage:
    entities = []
    done = 0
    for kind in kinds:
        start = text.index(f"<{kind}>", done)
        done = start + len(kind) + 2
        entities.append(Entity(kind, start, done))
    return CleanMessage(0, NOON, None, MessageKind.TEXT, text, tuple(entities))


@pytest.mark.parametrize(
    ("original", "clean", "kinds", "spans", "unique"),
    [
        ("all fine", "all fine", [], [], True),
        ("ring Wil", "ring <PERSON>", ["PERSON"], [(5, 8)], True),
        ("Wil or Suze", "<PERSON> or <PERSON>", ["PERSON", "PERSON"], [(0, 3), (7, 11)], True),
        # Nothing readable between them: one span.
        ("ask Wil A, Suze!", "ask <PERSON>, <PERSON>!", ["PERSON", "PERSON"], [(4, 15)], True),
        # "B" may belong to either name, or to none: only what both readings cover is kept.
        ("A and B and C", "<PERSON> and <PERSON>", ["PERSON", "PERSON"], [(0, 1), (12, 13)], False),
        ("ring\u200e Wil", "ring <PERSON>", ["PERSON"], [(6, 9)], True),
        ("lost", "<UNPROCESSED>", [], [(0, 4)], True),
    ],
)
def test_original_spans(
    original: str, clean: str, kinds: list[str], spans: list[tuple[int, int]], unique: bool
) -> None:
    found, only = original_spans(original, _clean(clean, *kinds))
    assert [(s.start, s.end) for s in found] == spans
    assert only is unique


@pytest.mark.parametrize(
    ("clean", "kinds"), [("something else", []), ("rang <PERSON>", ["PERSON"])]
)
def test_clean_text_that_does_not_follow_is_an_error(clean: str, kinds: list[str]) -> None:
    with pytest.raises(AlignmentError):
        original_spans("ring Wil", _clean(clean, *kinds))


# ---- counting -------------------------------------------------------------------------------


def test_tally() -> None:
    messages = [
        Annotated("", "Wil Ash at 9", (Span(0, 7, "PERSON"),)),  # half removed: a leak
        Annotated("", "Suze's car", (Span(0, 4, "PERSON"),)),  # removed, with more than needed
        Annotated("", "@suze", (Span(0, 5, "HANDLE"),)),  # the sign may stay
        Annotated("", "the Crown", (Span(4, 9, "?"),)),  # clean; what goes is optional
        Annotated("", "in april"),  # clean, altered
        Annotated("", "ok"),  # clean, left
    ]
    found = [
        [Span(0, 3, "PERSON")],
        [Span(0, 10, "PERSON")],
        [Span(1, 5, "PERSON")],
        [Span(4, 9, "LOCATION")],
        [Span(3, 8, "PERSON")],
        [],
    ]
    counted = tally(messages, found)
    assert counted.recall() == pytest.approx(2 / 3)
    assert counted.recall("PERSON") == 0.5
    assert counted.recall("HANDLE") == 1
    assert counted.partly == 1
    assert counted.clean_altered_share == pytest.approx(1 / 3)
    assert counted.char_recall == pytest.approx((3 + 4 + 4) / (6 + 4 + 4))
    assert counted.char_precision == pytest.approx((3 + 4 + 4) / (3 + 8 + 4 + 5))


def test_presidio_evaluator_counts_tokens_of_any_type() -> None:
    messages = [Annotated("", "Hilda flew Tuesday", (Span(0, 5, "PERSON"), Span(11, 18, "DATE")))]
    found = [[Span(0, 10, "LOCATION")]]
    score = token_score(messages, found)
    assert (score.precision, score.recall) == (0.5, 0.5)  # Hilda right, flew wrong, Tuesday missed
    without_dates = token_score(messages, found, frozenset({"DATE"}))
    assert (without_dates.precision, without_dates.recall) == (0.5, 1.0)


def test_conll_rejoins_handles_and_counts_them_neither_way(tmp_path: Path) -> None:
    rows = ["@\tB-PER", "wil_a\tB-PER", "met\tO", "Suze\tB-PER", "Ash\tI-PER", "", "bye\tO", ""]
    (tmp_path / "x.conll").write_text("\n".join(rows), encoding="utf-8")
    assert read_conll(tmp_path / "x.conll") == [
        Annotated("", "@wil_a met Suze Ash", (Span(0, 6, "?"), Span(11, 19, "PERSON"))),
        Annotated("", "bye"),
    ]


def test_the_page_says_which_targets_were_missed() -> None:
    message = Annotated("", "Wil and Suze", (Span(0, 3, "PERSON"), Span(8, 12, "PERSON")))
    results = [
        Result("BTC test", "Candour", LOWER, tally([message], [[Span(0, 3, "PERSON")]])),
        Result("BTC test", "Candour", WRITTEN, tally([message], [[Span(0, 12, "PERSON")]])),
    ]
    page = markdown(results, "v0")
    assert "| PERSON removed | BTC test, lower case | ≥ 0.75 | 0.500 | **missed** |" in page
    assert "Suze" not in page
