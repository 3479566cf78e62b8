"""What is known of a word that may be a name: alone, and from the rest of its chat."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.deidentify.clues import (
    ALONE,
    ELSEWHERE,
    LEAST_ODDS,
    Elsewhere,
    Found,
    clues,
    in_chat,
)
from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.text import tokenise


def clue_of(text: str, word: str, score: float = 0.5) -> dict[str, float]:
    tokens = tokenise(text)
    (token,) = (token for token in tokens if token.text == word)
    finding = Finding(token.start, token.end, Kind.PERSON, 0.5)
    ((clue,),) = clues([Found(finding, [token], {token.start: score})], tokens)
    return dict(zip(ALONE, clue.alone, strict=True))


@pytest.mark.parametrize(
    ("text", "word", "seen"),
    [
        ("hedge is in", "hedge", {"dictionary": 1, "first": 1, "last": 0, "capital opening": 0}),
        ("is Hedge in", "Hedge", {"capital inside": 1, "capital opening": 0}),
        ("Hedge", "Hedge", {"capital opening": 1, "first": 1, "last": 1, "text's capitals": 1}),
        ("two hedges", "hedges", {"dictionary": 1, "possessive": 0}),
        ("kieran's late", "kieran's", {"forename": 1, "possessive": 1, "dictionary": 0}),
        ("back at 2214", "2214", {"time of day": 1}),
        ("back at 4471", "4471", {"time of day": 0}),
    ],
)
def test_what_is_seen_of_a_word(text: str, word: str, seen: dict[str, float]) -> None:
    assert seen.items() <= clue_of(text, word).items()


def test_words_that_could_be_no_name_are_passed_over() -> None:
    tokens = tokenise("ask the zorbag")
    found = Found(Finding(4, 14, Kind.PERSON, 0.5), tokens[1:], {4: 0.4, 8: 0.6})
    ((clue,),) = clues([found], tokens)
    assert clue.low == "zorbag"
    assert clue.odds == pytest.approx(math.log(0.6 / 0.4))


def test_a_text_without_words_has_no_clues() -> None:
    assert list(clues([], tokenise("?!"))) == []


def test_a_word_elsewhere_is_as_sure_as_the_model_was_of_it_there() -> None:
    texts = [
        (tokenise("bones is late"), {"bones": 0.5}),
        (tokenise("who has bones' keys"), {}),
        (tokenise("the bones, again"), {}),
        (tokenise("it is bones"), {"bones": 2.0}),
    ]
    first, second, third, fourth = in_chat(texts)
    assert (second, third) == ({}, {})
    assert first["bones"].texts == fourth["bones"].texts == 3
    assert first["bones"].odds == pytest.approx(2.0 + 2 * LEAST_ODDS)
    assert fourth["bones"].odds == pytest.approx(0.5 + 2 * LEAST_ODDS)


def test_nothing_elsewhere_says_nothing() -> None:
    assert Elsewhere().seen(1.5) == (0.0,) * len(ELSEWHERE)
    assert Elsewhere(2, 2.0).seen(0.5) == pytest.approx((math.log(3), 0.5))


@given(st.lists(st.lists(st.sampled_from(["ash", "bones", "cole"]), min_size=1), max_size=6))
def test_each_text_hears_of_its_words_once_from_each_other_text(chat: list[list[str]]) -> None:
    texts = [(tokenise(" ".join(words)), dict.fromkeys(words, 1.0)) for words in chat]
    for number, shown in enumerate(in_chat(texts)):
        for word in chat[number]:
            others = sum(word in words for i, words in enumerate(chat) if i != number)
            assert shown[word] == Elsewhere(others, others)
