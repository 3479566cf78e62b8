"""What of an encoder's findings may count at all: the job's own words explain the rest."""

from __future__ import annotations

import pytest

from pipelines.deidentify.clues import ALONE, ELSEWHERE
from pipelines.deidentify.judge import Judge
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


def kept(
    text: str, name: str, score: float, kind: str = "PERSON", judge: Judge | None = None
) -> bool:
    return bool(list(NameModel(Says(name, kind, score), judge).find(text, tokenise(text))))


@pytest.mark.parametrize(
    ("text", "name", "needed"),
    [
        ("ask okoro", "okoro", 0.0),
        ("cos K is calling", "K", 0.95),
        ("seats in coach C are ours", "C", 1.01),  # never: it says which coach
        ("Juvenile due. T.W., 14", "T.W", 0.0),
        ("the sgt is out", "sgt", 1.01),
    ],
)
def test_how_sure_the_model_must_be_of_a_person(text: str, name: str, needed: float) -> None:
    assert kept(text, name, needed) is (needed <= 1)
    assert not needed or not kept(text, name, needed - 0.02)


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("2214 is on her way", "2214", True),
        ("ko 1930", "1930", False),
        ("until 2214", "2214", False),
        ("since 1990", "1990", False),
        ("cs414 and a smile", "cs414", True),
        ("cs12 needs filling in", "cs12", False),  # a form
        ("log it, 1 0 4 4", "1 0 4 4", True),
        ("2 to 4", "4", False),
        ("charged, s.47 and two more", "s.47 and two", False),
        ("okoro until 2031 kx", "2031 kx", True),  # a code that only begins like a time
        ("okoro, s.4471b kx", "s.4471b kx", True),
        ("custody no since 2214 7", "2214 7", True),
    ],
)
def test_which_numbers_may_be_somebodys(text: str, number: str, expected: bool) -> None:
    assert kept(text, number, 0.9, "REFERENCE") is expected


@pytest.mark.parametrize(
    ("text", "place", "judged"),
    [
        ("meet okoro at top lock", "top lock", True),
        ("meet okoro at 11 tomorrow", "11 tomorrow", False),  # an hour
        ("okoro is in coach C", "C", False),
        ("so he is at top lock", "top lock", False),  # not shown: no word could be a name
    ],
)
def test_words_that_no_list_has_as_a_name_are_left_to_the_judge(
    text: str, place: str, judged: bool
) -> None:
    believes = Judge(dict.fromkeys((*ALONE, *ELSEWHERE), 0.0) | {"bias": 9.0}, least=0.5)
    assert kept(text, place, 0.05, "LOCATION", believes) is judged
    assert not kept(text, place, 0.04, "LOCATION", believes)
    assert not kept(text, place, 0.99, "LOCATION")
