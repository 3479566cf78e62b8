"""What happens in a chat besides text: media, polls, locations, contacts, calls, system lines."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

from pipelines.contracts import MessageKind
from pipelines.synthetic.event import Event
from pipelines.synthetic.voices import Voices

# Shares of topics.
SIDELINES = {
    MessageKind.MEDIA: 0.070,
    MessageKind.STICKER: 0.012,
    MessageKind.DELETED: 0.012,
    MessageKind.POLL: 0.010,
    MessageKind.LOCATION: 0.007,
    MessageKind.CONTACT: 0.005,
    MessageKind.CALL: 0.005,
    MessageKind.SYSTEM: 0.014,
}
SYSTEM_CODES = ("icon", "description", "security_code", "pinned", "rename", "comes_or_goes")
_KINDS = tuple(SIDELINES)
_LIMITS = tuple(accumulate(SIDELINES.values()))


def draw_sideline(rng: Random) -> MessageKind | None:
    """What a topic is about if it is not talk."""
    place = bisect(_LIMITS, rng.random())
    return _KINDS[place] if place < len(_KINDS) else None


class Sidelines:
    """Makes these events; remembers whether the silent member is in the group."""

    def __init__(self, voices: Voices) -> None:
        self._voices = voices
        self._gone = False

    def make(self, kind: MessageKind, who: int) -> Event:
        """An event of ``kind`` by ``who``."""
        voices, rng = self._voices, self._voices.rng
        if kind is MessageKind.SYSTEM:
            return self._system(who)
        if kind is MessageKind.POLL:
            return self._poll(who)
        if kind is MessageKind.LOCATION:
            place = f"{50 + rng.random() * 5:.6f},{-3 + rng.random() * 3:.6f}"
            return voices.event(who, kind, place)
        if kind is MessageKind.CONTACT:
            identity = voices.circle.identity("third", rng)
            return voices.event(who, kind, identity[1], (identity,))
        return voices.event(who, kind, str(rng.randrange(10_000)))

    def _system(self, who: int) -> Event:
        code = self._voices.pick(SYSTEM_CODES)
        if code == "comes_or_goes":
            who, code = self._voices.size - 1, "joined" if self._gone else "left"
            self._gone = not self._gone
        return self._voices.event(who, MessageKind.SYSTEM, code)

    def _poll(self, who: int) -> Event:
        poll = self._voices.pick(self._voices.phrases.polls)
        question, identities = self._voices.words(who, poll.question)
        votes = (f"OPTION: {option} ({self._votes()})" for option in poll.options)
        return self._voices.event(who, MessageKind.POLL, "\n".join((question, *votes)), identities)

    def _votes(self) -> str:
        count = int(self._voices.rng.random() * self._voices.size)
        return "1 vote" if count == 1 else f"{count} votes"
