"""Whether what the name model noticed is a name: a logistic regression on what the lists know of
its words, how it is written, and what the model made of the same words in the chat's other texts.

``bones`` may be bones. A chat in which bones is late, off sick and on the phone has a member of
that name, and the model, which reads one text at a time, was half sure each time. The weights are
in ``model/judge.json``, one for each of the names in clues.py; ``training/fit_judge.py`` fits them.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.deidentify.clues import (
    ALONE,
    ELSEWHERE,
    NOWHERE,
    Clue,
    Elsewhere,
    Found,
    clues,
    in_chat,
    log_odds,
)
from pipelines.deidentify.entities import Finding
from pipelines.deidentify.text import Token
from pipelines.encoder.runtime import verified

FILE = "judge.json"

NOTICED = 0.03
"""The model's probability from which on a word is looked at. It gives every word about .02
(trained with label smoothing)."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may be a name, in small letters: the model's log odds that it is one, and the
    judge's by its text alone."""

    low: str = field(repr=False)
    odds: float
    weight: float


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that is a name if one of its ``words`` is; without a ``judge`` it is one.

    ``place`` is the range of its words in the text.
    """

    finding: Finding = field(repr=False)
    place: range
    words: tuple[Word, ...] = ()
    judge: Judge | None = None

    def is_name(self, elsewhere: Mapping[str, Elsewhere]) -> bool:
        """The decision; ``elsewhere`` is what a chat shows of words."""
        judge = self.judge
        return judge is None or any(
            judge.is_name(word, elsewhere.get(word.low, NOWHERE)) for word in self.words
        )


class Judge:
    """The weights. Safe to share between threads."""

    def __init__(self, weights: Mapping[str, float], least: float) -> None:
        self._alone = tuple(weights[name] for name in ALONE)
        self._elsewhere = tuple(weights[name] for name in ELSEWHERE)
        self._bias = weights["bias"]
        self._least = log_odds(least)

    @classmethod
    def load(cls, folder: Path) -> Judge:
        """Raises ``DamagedModelError`` where the file is missing or not the one released."""
        read = json.loads(verified(folder, (FILE,), "name model")[FILE])
        return cls(read["weights"], read["least"])

    def notice(self, found: Sequence[Found], tokens: Sequence[Token]) -> list[Noticed]:
        """What was ``found`` in a text of ``tokens``, weighed by that text alone."""
        return [
            Noticed(one.finding, place(one.inside, tokens), tuple(map(self._word, its)), self)
            for one, its in zip(found, clues(found, tokens), strict=True)
        ]

    def _word(self, clue: Clue) -> Word:
        return Word(clue.low, clue.odds, self._bias + _dot(self._alone, clue.alone))

    def is_name(self, word: Word, elsewhere: Elsewhere) -> bool:
        """Whether the odds reach the least that counts. A chat only ever adds to them: in doubt, a
        word used as a word elsewhere (``no bones``) must not give away whom it names here."""
        more = _dot(self._elsewhere, elsewhere.seen(word.odds))
        return word.weight + max(0.0, more) >= self._least


def place(inside: Sequence[Token], tokens: Sequence[Token]) -> range:
    """Which of a text's ``tokens`` the adjoining ones ``inside`` are."""
    first = bisect_left(tokens, inside[0].start, key=lambda token: token.start)
    return range(first, first + len(inside))


def names(noticed: Sequence[Noticed], elsewhere: Mapping[str, Elsewhere]) -> list[Finding]:
    """What counts of all that was ``noticed`` in a text: names, and what adjoins one: in a list of
    people, who is certain speaks for who is not."""
    found: list[Finding] = []
    for run in _runs(sorted(noticed, key=lambda one: one.place.start)):
        if any(one.is_name(elsewhere) for one in run):
            found += [one.finding for one in run]
    return found


def _runs(noticed: Iterable[Noticed]) -> list[list[Noticed]]:
    """Those with no word between them, together."""
    runs: list[list[Noticed]] = []
    for one in noticed:
        if runs and one.place.start <= runs[-1][-1].place.stop:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def whole_chat(
    texts: Sequence[tuple[Sequence[Token], Sequence[Noticed]]],
) -> list[dict[str, Elsewhere]]:
    """What the distinct texts of a chat, each its tokens and what was noticed in it, show of one
    another's words."""
    return in_chat([(tokens, _odds(noticed)) for tokens, noticed in texts])


def _odds(noticed: Iterable[Noticed]) -> dict[str, float]:
    words = sorted((word.odds, word.low) for one in noticed for word in one.words)
    return {low: odds for odds, low in words}  # of a word that stands twice, the surer


def _dot(weights: Iterable[float], values: Iterable[float]) -> float:
    return sum(w * v for w, v in zip(weights, values, strict=True))
