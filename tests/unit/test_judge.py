"""Whether what the name model noticed is a name, with what the rest of the chat shows."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.deidentify.clues import ALONE, ELSEWHERE, Elsewhere, log_odds
from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.judge import FILE, Judge, Noticed, Word, names, whole_chat
from pipelines.deidentify.model.encoder import HERE
from pipelines.deidentify.model.spans import NameSpan
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.deidentify.text import tokenise
from pipelines.encoder.runtime import DamagedModelError

ONCE_MORE = {"bias": 0.0} | dict.fromkeys((*ALONE, *ELSEWHERE), 0.0) | {"how often": 1.0}


class Gives:
    """An encoder that gives each listed word its score, as a person."""

    def __init__(self, **scores: float) -> None:
        self._scores = scores

    def find(self, texts: Sequence[str]) -> list[list[NameSpan]]:
        return [
            [
                NameSpan("PERSON", token.start, token.end, score, ((token.start, score),))
                for token in tokenise(text)
                if (score := self._scores.get(token.low))
            ]
            for text in texts
        ]


def found(texts: Sequence[str], **scores: float) -> list[list[str]]:
    """What the shipped judge takes for names in the texts of one chat."""
    tokens = [tokenise(text) for text in texts]
    noticed = NameModel(Gives(**scores), Judge.load(HERE)).notice(texts, tokens)
    shown = whole_chat(list(zip(tokens, noticed, strict=True)))
    return [
        [text[finding.start : finding.end] for finding in names(each, elsewhere)]
        for text, each, elsewhere in zip(texts, noticed, shown, strict=True)
    ]


def test_a_doubtful_word_alone_stays_and_in_a_chat_that_doubts_it_often_goes() -> None:
    late = "is bones late"
    assert found([late], bones=0.2) == [[]]
    chat = [
        late,
        "bones has it",
        "ask bones",
        "on with bones today",
        "bones said no",
        "the bones 1",
    ]
    assert found(chat, bones=0.2) == [["bones"]] * len(chat)


def test_a_capital_amid_a_sentence_and_a_word_of_no_list_need_less() -> None:
    assert found(["is bones late"], bones=0.3) == [[]]
    assert found(["is Bones late"], bones=0.3) == [["Bones"]]
    assert found(["is zorbag late"], zorbag=0.3) == [["zorbag"]]


def test_four_digits_that_could_be_a_time_need_more() -> None:
    tokens = [tokenise("2214 is out"), tokenise("4471 is out")]

    class Numbers:
        def find(self, texts: Sequence[str]) -> list[list[NameSpan]]:
            return [[NameSpan("REFERENCE", 0, 4, 0.75)] for _ in texts]

    model = NameModel(Numbers(), Judge.load(HERE))
    time, number = model.notice(["2214 is out", "4471 is out"], tokens)
    assert (names(time, {}), len(names(number, {}))) == ([], 1)


def test_who_is_certain_speaks_for_who_stands_beside_them() -> None:
    assert found(["on today: treacle, kieran n lake"], treacle=0.1, kieran=0.99, lake=0.1) == [
        ["treacle", "kieran"]
    ]


def test_a_name_of_the_commonest_words_needs_the_model_to_be_sure() -> None:
    assert found(["kieran is at top lock"], top=0.2, lock=0.2) == [[]]
    assert found(["kieran is at top lock"], top=0.999, lock=0.999) == [["top", "lock"]]


def test_a_common_word_goes_with_the_name_it_adjoins() -> None:
    assert found(["ask our kieran"], our=0.06, kieran=0.99) == [["our", "kieran"]]
    assert found(["ask our kieran"], our=0.04, kieran=0.99) == [["kieran"]]


def noticed(at: int, weight: float, judge: Judge | None) -> Noticed:
    finding = Finding(at * 5, at * 5 + 4, Kind.PERSON, 0.5)
    return Noticed(finding, range(at, at + 1), (Word("ash", 0.0, weight),), judge)


def test_without_a_judge_all_that_is_noticed_is_a_name() -> None:
    assert len(names([noticed(0, -9, None), noticed(3, -9, None)], {})) == 2


@pytest.mark.parametrize(("weight", "times", "expected"), [(-1, 0, 0), (-1, 2, 1), (-2, 2, 0)])
def test_the_chat_adds_to_the_odds(weight: float, times: int, expected: int) -> None:
    judge = Judge(ONCE_MORE, least=0.5)  # log odds of 0
    elsewhere = {"ash": Elsewhere(times, 0.0)}  # log(1 + 2) is 1.1
    assert len(names([noticed(0, weight, judge)], elsewhere)) == expected


@pytest.mark.parametrize("beside", ["no bones", "the bones were broken in it"])
def test_a_chat_never_gives_away_what_a_text_alone_would_not(beside: str) -> None:
    assert found(["is bones late"], bones=0.95) == [["bones"]]
    assert found(["is bones late", *(f"{beside} {n}" for n in "abcde")], bones=0.95)[0] == ["bones"]
    once = Elsewhere(1, -40.0)
    judge = Judge(ONCE_MORE | {"surer on average": 1.0}, least=0.5)
    assert names([noticed(0, 0.1, judge)], {"ash": once})


def test_log_odds_of_certainty_are_finite() -> None:
    assert log_odds(0.0) == pytest.approx(-log_odds(1.0))


def test_weights_that_are_not_those_released_are_refused(tmp_path: Path) -> None:
    for file in (FILE, "SHA256SUMS"):
        shutil.copy(HERE / file, tmp_path)
    Judge.load(tmp_path)
    (tmp_path / FILE).write_text("{}")
    with pytest.raises(DamagedModelError, match=FILE):
        Judge.load(tmp_path)
