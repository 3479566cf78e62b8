"""Unmistakable identifiers for the privacy test: each occurs once, nothing else looks like it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from pipelines.contracts import MessageKind
from pipelines.synthetic import identifiers
from pipelines.synthetic.chance import seeded
from pipelines.synthetic.event import Event
from pipelines.synthetic.phrases import FOLDER, read_lines

FIRST_HALVES = (
    "Quillfeather", "Thornwhistle", "Brambleforth", "Ostervane", "Pellingrave", "Wexcombury",
    "Marrowdene", "Fothergleam", "Hazeldrake", "Crickmallow", "Dunnevere", "Tolverstone",
    "Yewbarrow", "Stonequist", "Garvenholt", "Larkspindle",
)  # fmt: skip
SECOND_HALVES = (
    "Ostrow", "Velnikov", "Adebanke", "Chowdrey", "Lindqvarn", "Mbatheko", "Szarneck", "Ferrandoz",
    "Oyelarine", "Haskovitz", "Rautenby", "Kirimotu", "Delacroft", "Nwachuka", "Bhattarane",
    "Ilyaskhan",
)  # fmt: skip
FIRST_PHONE = 900  # the endings `identifiers` never draws


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted identifier. ``needles`` are the strings whose presence proves a leak."""

    type: str
    value: str
    needles: tuple[str, ...]
    text: str
    as_sender: bool = False  # planted as a member's surname, where the chat has room


def make_canaries(seed: int, count: int) -> list[Canary]:
    """``count`` canaries, the types in turn, each in a sentence of its own."""
    rng = seeded(seed, "canaries")
    carriers = _carriers()
    kinds = list(_MAKERS)
    made: list[Canary] = []
    used: set[str] = set()
    while len(made) < count:
        kind = kinds[len(made) % len(kinds)]
        value, needles = _MAKERS[kind](rng)
        if used.isdisjoint(needles):
            used.update(needles)
            entity = "PERSON" if kind == "SENDER" else kind
            text = rng.choice(carriers[entity]).replace("{canary}", value)
            made.append(Canary(entity, value, needles, text, as_sender=kind == "SENDER"))
    return made


def canary_event(canary: Canary, who: int) -> Event:
    """The message that carries a canary."""
    return Event(0, who, MessageKind.TEXT, canary.text, ((canary.type, canary.value),))


def _person(rng: Random) -> tuple[str, tuple[str, ...]]:
    value = f"{rng.choice(FIRST_HALVES)}-{rng.choice(SECOND_HALVES)}"
    return value, (value,)


def _address(rng: Random) -> tuple[str, tuple[str, ...]]:
    street = f"{rng.choice(FIRST_HALVES)} {rng.choice(('Hollow', 'Rise', 'Avenue', 'Close'))}"
    return f"{rng.randint(3, 240)} {street}", (street,)


def _phone(rng: Random) -> tuple[str, tuple[str, ...]]:
    value = rng.choice(("07700 900{}", "01632 960{}", "+44 7700 900{}")).format(
        rng.randint(FIRST_PHONE, 999)
    )
    return value, (value,)


def _email(rng: Random) -> tuple[str, tuple[str, ...]]:
    value = f"{rng.choice(FIRST_HALVES)}.{rng.choice(SECOND_HALVES)}@example.com".lower()
    return value, (value,)


def _handle(rng: Random) -> tuple[str, tuple[str, ...]]:
    value = f"@{rng.choice(SECOND_HALVES)}_{rng.randint(100, 999)}".lower()
    return value, (value[1:],)


def _plain(maker: Callable[[Random], str]) -> Callable[[Random], tuple[str, tuple[str, ...]]]:
    def make(rng: Random) -> tuple[str, tuple[str, ...]]:
        value = maker(rng)
        return value, (value,)

    return make


_MAKERS: dict[str, Callable[[Random], tuple[str, tuple[str, ...]]]] = {
    "PERSON": _person,
    "SENDER": _person,
    "PHONE": _phone,
    "VEHICLE": _plain(identifiers.plate),
    "EMAIL": _email,
    "ADDRESS": _address,
    "POSTCODE": _plain(identifiers.postcode),
    "HANDLE": _handle,
    "CRIME_REFERENCE": _plain(identifiers.crime_reference),
    "URN": _plain(identifiers.urn),
    "NATIONAL_INSURANCE": _plain(identifiers.national_insurance),
}


def _carriers() -> dict[str, list[str]]:
    """Sentences by type, from ``phrases/canaries.txt`` (``TYPE: sentence``)."""
    carriers: dict[str, list[str]] = {}
    for line in read_lines(FOLDER / "canaries.txt"):
        kind, sentence = line.split(": ", 1)
        carriers.setdefault(kind, []).append(sentence)
    return carriers
