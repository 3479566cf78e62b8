"""The members of a team, each writing in their own way."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

from pipelines.contracts import MessageKind
from pipelines.synthetic.event import Event
from pipelines.synthetic.pace import ANSWER_GAP, Pace
from pipelines.synthetic.people import Circle
from pipelines.synthetic.phrases import Identity, Pattern, Phrases

EDITED_SHARE = 0.012
MENTION_SHARE = 0.025
TWO_LINE_SHARE = 0.012
_EDITED = EDITED_SHARE
_MENTION = _EDITED + MENTION_SHARE
_TWO_LINES = _MENTION + TWO_LINE_SHARE

T = TypeVar("T")


class Voices:
    """Who speaks next and how they put it. ``weights`` are how much each member writes."""

    def __init__(
        self, rng: Random, phrases: Phrases, circle: Circle, weights: Sequence[float]
    ) -> None:
        self.rng = rng
        self.phrases = phrases
        self.circle = circle
        self.pace = Pace(rng)
        self._hands = [person.hand for person in circle.team]
        self._limits = list(accumulate(weights))

    @property
    def size(self) -> int:
        """Members of the team, the silent one included."""
        return len(self._hands)

    def someone(self, other_than: int = -1) -> int:
        """A member, by how much they write."""
        while True:
            who = bisect(self._limits, self.rng.random() * self._limits[-1])
            if who != other_than:
                return who

    def pick(self, choices: Sequence[T]) -> T:
        """One of ``choices`` (faster than ``Random.choice``)."""
        return choices[int(self.rng.random() * len(choices))]

    def text(
        self,
        who: int,
        pattern: Pattern,
        *,
        categories: tuple[str, ...] = (),
        lookalike: str = "",
        challenged: bool = False,
    ) -> Event:
        """``pattern`` as ``who`` writes it now."""
        text, identities = self.words(who, pattern)
        event = Event(self.pace.at, who, MessageKind.TEXT, text, identities, categories, lookalike,
                      challenged)  # fmt: skip
        draw = self.rng.random()
        if draw < _TWO_LINES:
            self._embellish(event, draw)
        self.pace.wait(ANSWER_GAP)
        return event

    def event(
        self, who: int, kind: MessageKind, text: str, identities: tuple[Identity, ...] = ()
    ) -> Event:
        """Something other than text, now."""
        event = Event(self.pace.at, who, kind, text, identities)
        self.pace.wait(ANSWER_GAP)
        return event

    def words(self, who: int, pattern: Pattern) -> tuple[str, tuple[Identity, ...]]:
        """``pattern`` in ``who``'s style, and the identities in it."""
        hand = self._hands[who]
        text, identities = pattern.fill(hand.style, self.rng, self.circle)
        return hand.finish(text, self.rng, may_slip=not identities), identities

    def _embellish(self, event: Event, draw: float) -> None:
        if draw < _EDITED:
            event.edited = True
        elif draw < _MENTION:
            event.mention = self.someone(event.who)
        else:
            more, found = self.words(event.who, self.pick(self.phrases.reply["second_line"]))
            event.text, event.identities = f"{event.text}\n{more}", event.identities + found
