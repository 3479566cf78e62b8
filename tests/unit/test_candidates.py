"""What the name model is asked about: every name in every list, and nothing without one."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pipelines.deidentify.candidates import could_be_name, holds_candidate
from pipelines.deidentify.lexicon import lexicon
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.deidentify.recognisers.ranks import RANK_WORDS
from pipelines.deidentify.text import tokenise

LISTS = lexicon()
JOB = LISTS.police | RANK_WORDS  # never taken from the model alone, whichever list has them too


def gated(names: Iterable[str], written: str) -> set[str]:
    """Which of ``names`` would not be shown to the model in the sentence ``written``."""
    return {name for name in names if not holds_candidate(tokenise(written.format(name)))}


@pytest.mark.parametrize("written", ["{}", "and then {}", "{} is here", "is it {}'s"])
def test_no_gazetteer_name_is_gated_in_small_letters(written: str) -> None:
    kin = {name for family in LISTS.kin.values() for name in family}
    names = LISTS.forenames | LISTS.word_names | LISTS.surnames | LISTS.places | kin
    assert gated(names - JOB, written) <= LISTS.never_names


def test_a_capital_inside_a_sentence_makes_any_word_a_candidate() -> None:
    words = LISTS.frequent - JOB - {"ok", "xxx", "id", "im", "ive", "i'm", "i'll"}
    assert gated({word.capitalize() for word in words if len(word) > 1}, "and {} too") == set()


def test_never_names_are_among_the_commonest_words_and_nobodys_forename() -> None:
    kin = {name for family in LISTS.kin.values() for name in family}
    assert LISTS.never_names <= LISTS.frequent
    assert not LISTS.never_names & (LISTS.forenames | kin)
    assert LISTS.never_names & LISTS.word_names == {"an", "ever", "nor", "so"}  # rare births


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("are you back in the office at 1900 or on the 12th", ["1900"]),
        ("Can you do it? Back at 7am x", []),
        ("the sgt's car is in the back yard", []),
        ("I'm off, I think", []),
        ("tell Bear to go", ["Bear"]),
        ("ask bear", ["bear"]),
        ("cheers dave", ["cheers", "dave"]),
        ("o'neill is on", ["o'neill"]),
        ("dave2 is here", ["dave2"]),
        ("back-to-back but not smith-back", ["smith-back"]),
        ("see THE boss", ["THE"]),
        ("so old is the street", []),
        ("they seized his laptop and signed the exhibit label", []),  # settled_words.txt
        ("seized by Signed", ["Signed"]),
    ],
)
def test_which_words_of_a_text_are_candidates(text: str, candidates: list[str]) -> None:
    assert [token.text for token in tokenise(text) if could_be_name(token)] == candidates


@pytest.mark.parametrize("text", ["old street", "is it in land's end's car park"])
def test_a_listed_place_of_common_words_is_a_candidate_as_a_whole(text: str) -> None:
    assert holds_candidate(tokenise(text)) and not holds_candidate(tokenise(text)[:1])


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("log it please 1 0 4 4", True),
        ("it is j u n", True),
        ("due in at ten. T.W. again", True),
        ("2 of 4 at 3 and a", False),
        ("so it is, a 4", False),
        ("i, 2 or 3", False),
    ],
)
def test_what_is_spelt_out_is_a_candidate_as_a_whole(text: str, spelt: bool) -> None:
    assert holds_candidate([t for t in tokenise(text) if not could_be_name(t)]) is spelt


class SeesNamesEverywhere:
    """An encoder that calls the whole of every text a person, and counts what it is shown."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def find(self, texts):
        from pipelines.deidentify.model.spans import NameSpan

        self.shown += texts
        return [[NameSpan("PERSON", 0, len(text), 1.0)] for text in texts]


def test_a_text_without_candidates_is_not_shown_to_the_model() -> None:
    encoder = SeesNamesEverywhere()
    model = NameModel(encoder)
    texts = ["are you back at 7pm", "ask bear", "so he said no to me", "2 to 4"]
    tokens = [tokenise(text) for text in texts]
    together = [[n.finding for n in noticed] for noticed in model.notice(texts, tokens)]
    assert encoder.shown == ["ask bear"]
    assert [bool(found) for found in together] == [False, True, False, False]
    assert together == [list(model.find(t, k)) for t, k in zip(texts, tokens, strict=True)]
