"""Invented messages with known categories, as de-identification would leave them.

What the shipped error rates are measured on, and where the fixed reference sample comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from pipelines.classify.taxonomy import PROTECTIVE_CODE
from pipelines.synthetic.chance import seeded
from pipelines.synthetic.people import Circle, make_team
from pipelines.synthetic.phrases import Identity, Pattern, load_phrases
from pipelines.synthetic.plan import LOOKALIKE_RATE
from pipelines.synthetic.writing import STYLES

TEAM = 12
_PLACEHOLDER = re.compile(r"<[a-z_]+>")


@dataclass(frozen=True, slots=True)
class Invented:
    """A text and the taxonomy codes it was written for: none, of ordinary talk and lookalikes."""

    text: str
    codes: tuple[str, ...]


class Redacted:
    """A cast whose every identity is its placeholder."""

    def __init__(self, rng: Random) -> None:
        self._circle = Circle(rng, make_team(rng, TEAM))

    def identity(self, slot: str, rng: Random) -> Identity:
        """``("PERSON", "<PERSON>")``, say."""
        kind = self._circle.identity(slot, rng)[0]
        return kind, f"<{kind}>"


def invent(seed: str, ordinary: int) -> list[Invented]:
    """``ordinary`` messages, with as many lookalikes among them as in a synthetic collection, and
    after them every risky and every supportive phrase once.
    """
    rng, phrases = seeded("invented", seed), load_phrases()
    cast = Redacted(rng)
    talk = [p for e in phrases.talk for p in (e.opener, *e.answers, *e.closers)]
    alike = [pattern for patterns in phrases.lookalike.values() for pattern in patterns]
    lookalikes = round(ordinary * LOOKALIKE_RATE)
    found = [Invented(text, ()) for text in _fill(talk, ordinary - lookalikes, rng, cast)]
    found += [Invented(text, ()) for text in _fill(alike, lookalikes, rng, cast)]
    supportive = [pattern for patterns in phrases.challenge.values() for pattern in patterns]
    for code, patterns in {**phrases.risk, PROTECTIVE_CODE: supportive}.items():
        texts = _fill(patterns, len(patterns), rng, cast)
        found += [Invented(text, (code,)) for text in texts]
    return found


def _fill(patterns: Sequence[Pattern], many: int, rng: Random, cast: Redacted) -> Iterator[str]:
    """Patterns in random order, over and over, each in a style drawn for it."""
    order = rng.sample(range(len(patterns)), len(patterns))
    for number in range(many):
        style = STYLES[int(rng.random() * len(STYLES))]
        text, _ = patterns[order[number % len(order)]].fill(style, rng, cast)
        yield _PLACEHOLDER.sub(lambda found: found[0].upper(), text)
