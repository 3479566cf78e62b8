"""What of an encoder's findings is kept: more is asked for of words of the dictionary."""

from __future__ import annotations

import pytest

from pipelines.deidentify.model.spans import NameSpan
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.deidentify.text import tokenise


class Says:
    """An encoder that finds one name, of the score it is made with."""

    def __init__(self, name: str, kind: str, score: float) -> None:
        self._name, self._kind, self._score = name, kind, score

    def find(self, texts):
        (text,) = texts
        start = text.index(self._name)
        return [[NameSpan(self._kind, start, start + len(self._name), self._score)]]


def kept(text: str, name: str, score: float, kind: str = "PERSON") -> bool:
    return bool(list(NameModel(Says(name, kind, score)).find(text, tokenise(text))))


@pytest.mark.parametrize(
    ("text", "name", "needed"),
    [
        ("ask okoro", "okoro", 0.07),  # no word of the dictionary
        ("ask Hedge", "Hedge", 0.07),  # a capital amid a sentence
        ("up at dawn", "dawn", 0.4),  # somebody's name as well
        ("trim the hedge", "hedge", 0.5),
        ("Hedge is overgrown", "Hedge", 0.5),  # a capital that opens a sentence says nothing
        ("cos K is calling", "K", 0.95),
        ("seats in coach C are ours", "C", 1.01),  # never: it says which coach
        ("Juvenile due. T.W., 14", "T.W", 0.5),
    ],
)
def test_how_sure_the_model_must_be_of_a_person(text: str, name: str, needed: float) -> None:
    assert kept(text, name, needed) is (needed <= 1)
    assert needed < 0.1 or not kept(text, name, needed - 0.02)


@pytest.mark.parametrize(
    ("text", "number", "score", "expected"),
    [
        ("2214 is on her way", "2214", 0.85, True),
        ("2214 is on her way", "2214", 0.7, False),  # could be a time of day
        ("4471 is on her way", "4471", 0.2, True),  # could not
        ("ko 1930", "1930", 0.99, False),
        ("cs414 and a smile", "cs414", 0.9, True),
        ("cs12 needs filling in", "cs12", 0.9, False),  # a form
        ("log it, 1 0 4 4", "1 0 4 4", 0.9, True),
        ("2 to 4", "4", 0.99, False),
    ],
)
def test_which_numbers_are_somebodys(text: str, number: str, score: float, expected: bool) -> None:
    assert kept(text, number, score, "REFERENCE") is expected
