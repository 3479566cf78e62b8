"""How people write: capitals, texting abbreviations, typing slips, emoji."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

ABBREVIATIONS = {
    "you": "u",
    "your": "ur",
    "are": "r",
    "tomorrow": "tmrw",
    "tonight": "2nite",
    "please": "pls",
    "thanks": "thx",
    "because": "cos",
    "probably": "prob",
    "message": "msg",
    "about": "bout",
    "going to": "gonna",
    "want to": "wanna",
    "something": "summat",
    "nothing": "nowt",
    "and": "n",
    "with": "wi",
    "weekend": "wkend",
    "overtime": "ot",
    "okay": "k",
    "to be honest": "tbh",
    "as far as i know": "afaik",
}
_ABBREVIATE = re.compile(rf"\b({'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))})\b", re.I)
EMOJI = ("👍", "😂", "🤣", "🙄", "😅", "☕", "🙏", "💪", "😴", "🍕", "🚓", "👌", "😬", "🥶", "❤️")
TAILS = (" mate", " lol", " haha", " x", " tbh", "!", "!!", "..", " 😂", " fella", " lads", " guys")


SHORTEST_TO_SLIP = 12  # characters


@dataclass(frozen=True, slots=True)
class Style:
    """One way of writing; ``number`` indexes a compiled pattern."""

    number: int
    lower: bool
    abbreviates: bool
    drops_marks: bool

    def write(self, text: str) -> str:
        """``text`` in this style. Words only: identities go through ``write_name``."""
        if self.abbreviates:
            text = _ABBREVIATE.sub(lambda match: ABBREVIATIONS[match[0].lower()], text)
        if self.drops_marks:
            text = text.replace("'", "").replace(",", "")
        return text.lower() if self.lower else text

    def write_name(self, value: str) -> str:
        """An identity in this style: only its capitals change."""
        return value.lower() if self.lower else value


STYLES = (
    Style(0, lower=False, abbreviates=False, drops_marks=False),
    Style(1, lower=True, abbreviates=False, drops_marks=False),
    Style(2, lower=True, abbreviates=True, drops_marks=True),
    Style(3, lower=False, abbreviates=True, drops_marks=False),
    Style(4, lower=False, abbreviates=False, drops_marks=True),
)
STYLE_WEIGHTS = (38, 22, 10, 12, 18)  # plain first; a fifth to a third of people write lower case


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's habits. Rates are per message."""

    style: Style
    slips: float
    tails: float
    emoji: float
    favourites: tuple[str, ...]

    def finish(self, text: str, rng: Random, *, may_slip: bool) -> str:
        """Add this person's tail, emoji or, in a text without identities, a typing slip."""
        chance = rng.random()
        if chance < self.tails and text[-1:].isalnum():
            return text + TAILS[int(rng.random() * len(TAILS))]
        if chance < self.tails + self.emoji:
            return f"{text} {self.favourites[int(rng.random() * len(self.favourites))]}"
        if may_slip and chance > 1 - self.slips and len(text) > SHORTEST_TO_SLIP:
            return slip(text, rng)
        return text


def slip(text: str, rng: Random) -> str:
    """``text`` with two neighbouring letters swapped, where the place drawn has two."""
    at = rng.randrange(1, len(text) - 1)
    pair = text[at : at + 2]
    return text[:at] + pair[::-1] + text[at + 2 :] if pair.isalpha() else text


def make_hand(rng: Random) -> Hand:
    """A person's habits, drawn once."""
    return Hand(
        style=rng.choices(STYLES, STYLE_WEIGHTS)[0],
        slips=rng.uniform(0, 0.06),
        tails=rng.uniform(0, 0.2),
        emoji=rng.choice((0.0, 0.03, 0.12, 0.25)),
        favourites=tuple(rng.sample(EMOJI, 4)),
    )
