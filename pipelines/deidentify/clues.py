"""What is known of a word that may be a name: from its text, and from the rest of its chat.

Pure functions; judge.py weighs what they say.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.deidentify.candidates import base, could_be_name
from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.lexicon import lexicon
from pipelines.deidentify.text import Token

CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:hrs?)?")
"""Four digits that could be a time of day."""

# The model's log odds count by stretches: from .99 to .999 is not what it is from .1 to .5.
_STRETCHES = ((-4.0, -2.5), (-2.5, -1.0), (-1.0, 1.0), (1.0, 3.5), (3.5, 7.0))

ALONE = (
    *(f"log odds from {low} to {high}" for low, high in _STRETCHES),
    *("location", "organisation"),
    *("settled", "dictionary", "proper", "forename", "time of day"),
    *("capital inside", "capital opening", "capitals", "possessive"),
    *("text's capitals", "first", "last", "surest beside it"),
)
"""What is looked at of a word in one text, in the order of the weights. Which lists it is in counts
for its singular too."""

ELSEWHERE = ("how often", "surer on average")
"""What is looked at in the other texts of a chat."""


@dataclass(frozen=True, slots=True)
class Found:
    """A span of the model's: its words, and the model's score of each by where it starts."""

    finding: Finding = field(repr=False)
    inside: Sequence[Token] = field(repr=False)
    scores: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Clue:
    """A word, in small letters, the model's log odds of a name, and what ``ALONE`` says of it."""

    low: str = field(repr=False)
    odds: float
    alone: tuple[float, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One word in the chat's other texts: how many have it, and the sum of its log odds there."""

    texts: int = 0
    odds: float = 0.0

    def seen(self, own: float) -> tuple[float, ...]:
        """As ``ELSEWHERE``; ``own`` are the log odds here."""
        if not self.texts:
            return (0.0,) * len(ELSEWHERE)
        return math.log1p(self.texts), self.odds / self.texts - own


NOWHERE = Elsewhere()


def clues(found: Sequence[Found], tokens: Sequence[Token]) -> Iterator[list[Clue]]:
    """For each span ``found`` in a text of ``tokens``, those of its words that could be a name, or
    all if none could."""
    if not found:
        return
    odds = {t.start: log_odds(one.scores[t.start]) for one in found for t in one.inside}
    surest = sorted(odds, key=lambda start: odds[start])[:-3:-1]
    capitals = sum(t.capital for t in tokens) / len(tokens)
    for one in found:
        its = []
        for token in [t for t in one.inside if could_be_name(t)] or one.inside:
            own = odds[token.start]
            beside = next((odds[start] for start in surest if start != token.start), LEAST_ODDS)
            text = (capitals, token is tokens[0], token is tokens[-1], beside)
            its.append(Clue(base(token.low), own, (*_here(token, one, own), *text)))
        yield its


def _here(token: Token, one: Found, odds: float) -> Iterator[float]:
    """The word itself: how sure the model is, of what, which lists know it, how it is written."""
    yield from (min(max(odds, least), most) for least, most in _STRETCHES)
    yield from (one.finding.kind == kind for kind in (Kind.LOCATION, Kind.ORGANISATION))
    yield not could_be_name(token)
    lists, low = lexicon(), base(token.low)
    for words in (lists.common, lists.proper, lists.forenames):
        yield low in words or low.removesuffix("s") in words
    yield CLOCK.fullmatch(low) is not None
    yield token.capital and not token.opens
    yield token.capital and token.opens
    yield len(token) > 1 and token.text.isupper()
    yield low != token.low


def in_chat(
    texts: Sequence[tuple[Sequence[Token], Mapping[str, float]]],
) -> list[dict[str, Elsewhere]]:
    """For each distinct text of a chat, its words in the others. A text is its tokens, and the
    log odds of each of its words that may be a name."""
    wanted = {low for _, odds in texts for low in odds}
    count, total = Counter[str](), defaultdict[str, float](float)
    for tokens, odds in texts:
        for low in wanted.intersection(base(token.low) for token in tokens):
            count[low] += 1
            total[low] += odds.get(low, LEAST_ODDS)
    return [
        {low: Elsewhere(count[low] - 1, total[low] - own) for low, own in odds.items()}
        for _, odds in texts
    ]


def log_odds(probability: float) -> float:
    """Of a probability that is not quite 0 or 1."""
    inside = min(max(probability, 1e-5), 1 - 1e-5)
    return math.log(inside / (1 - inside))


LEAST_ODDS = log_odds(0.02)
"""Of a word that the model gives no more than any other (see ``judge.NOTICED``)."""
