"""Whole invented team chats, annotated by hand, with fresh identities put in at every draw."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pipelines.deidentify.training import numbers
from pipelines.deidentify.training.example import Example, Span, join
from pipelines.deidentify.training.markup import OPTIONAL, Annotated, load_chats
from pipelines.deidentify.training.names import NameBank
from pipelines.deidentify.training.synthetic import SLOTS

TYPES = {
    "PERSON": "PERSON",
    "LOCATION": "LOCATION",
    "ADDRESS": "LOCATION",
    "ORGANISATION": "ORGANISATION",
    OPTIONAL: "HANDLE",
    "EMAIL": "HANDLE",
    "URL": "HANDLE",
    "HANDLE": "HANDLE",
}
"""What the network learns of a mark. The rest are numbers and codes: ``REFERENCE``."""

PERSON_KEPT, PLACE_KEPT, NUMBER_KEPT = 0.25, 0.5, 0.2
"""Share of marks left as written: nicknames and places that only this chat has."""

SHORTEST = 3
"""Characters of a name that may be another's; initials stay as they are."""

PERSON_BORROWED = 0.3
"""Share of people who get the name of another chat's: words used as nicknames are in no list, and
what shows that they are names is where they stand."""


@lru_cache(maxsize=4)
def read(folder: Path) -> tuple[Annotated, ...]:
    """Every message of every chat in ``folder``."""
    return tuple(message for chat in load_chats(folder) for message in chat.messages)


@lru_cache(maxsize=4)
def called(folder: Path) -> tuple[str, ...]:
    """What people are called in the chats in ``folder``, in one word, as often as they are."""
    people = (
        message.text[span.start : span.end]
        for message in read(folder)
        for span in message.spans
        if span.type == "PERSON"
    )
    return tuple(name for name in people if len(name) >= SHORTEST and not name.count(" "))


def as_written(folder: Path) -> list[Example]:
    """The chats' messages as examples, nothing changed: to tune on."""
    return [join(_parts(message, None)) for message in read(folder)]


def redrawn(folder: Path, names: NameBank, rng: random.Random, copies: int) -> list[Example]:
    """Each message ``copies`` times, most identities replaced by others of their kind."""
    drawer = _Drawer(names, rng, called(folder))
    return [join(_parts(message, drawer)) for message in read(folder) for _ in range(copies)]


def _parts(message: Annotated, drawer: _Drawer | None) -> Iterator[tuple[str, str | None]]:
    at = 0
    for span in message.spans:
        surface = message.text[span.start : span.end]
        yield message.text[at : span.start], None
        yield (drawer.draw(span, surface) if drawer else surface), _kind(span)
        at = span.end
    yield message.text[at:], None


def _kind(span: Span) -> str:
    return TYPES.get(span.type, "REFERENCE")


class _Drawer:
    """Puts another identity where one stood."""

    def __init__(self, names: NameBank, rng: random.Random, others: tuple[str, ...]) -> None:
        self.names, self.rng, self.others = names, rng, others

    def draw(self, span: Span, surface: str) -> str:
        roll = self.rng.random()
        match span.type:
            case "PERSON":
                return surface if roll < PERSON_KEPT else self._person(surface)
            case "ADDRESS" | "LOCATION":
                return surface if roll < PLACE_KEPT else self._place(span, surface)
            case "ORGANISATION":
                return surface if roll < PLACE_KEPT else self._slot("ORG")
            case "DATE_OF_BIRTH":
                return surface if roll < NUMBER_KEPT else numbers.birth_date(self.rng)
            case "CALL_SIGN" if roll < PLACE_KEPT:
                return numbers.call_sign(self.rng)
            case "OPERATION" if roll < PLACE_KEPT:
                return numbers.operation(self.rng)
            case _ if _kind(span) == "HANDLE" or roll < NUMBER_KEPT:
                return surface
            case _:
                return numbers.respell(surface, self.rng)

    def _person(self, surface: str) -> str:
        if len(surface) < SHORTEST:
            return surface
        if " " in surface.strip():
            return self.names.full(self.rng)
        if self.rng.random() < PERSON_BORROWED:
            return self.rng.choice(self.others)
        return self.names.person(self.rng)

    def _place(self, span: Span, surface: str) -> str:
        if span.type == "ADDRESS":
            return self._slot("ADDR" if surface[0].isdigit() else "STREET")
        return self._slot("SPOT") if " " in surface else self.names.place(self.rng)

    def _slot(self, name: str) -> str:
        return "".join(text for text, _ in SLOTS[name](self.names, self.rng))
