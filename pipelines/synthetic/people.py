"""Invented people: a team, what their phones call them, and whom they talk about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from pipelines.synthetic import identifiers
from pipelines.synthetic.phrases import FOLDER, Identity, read_lines
from pipelines.synthetic.writing import Hand, make_hand

RANKS = ("PC", "PC", "PC", "PC", "PC", "Sgt", "PCSO", "DC", "Insp")
DISPLAY_EMOJI = ("🌸", "🚓", "🏉", "🐾", "⚽", "🎸", "🌻", "🏃")
THIRD_PARTIES = 40  # people a chat talks about; few enough that the same ones come back
PLACES = 14
SAME_SUBJECT = 0.8  # a name without surname is mostly the one the topic is about
NUMBER_POOL = 60  # plates and phones that come back now and then


@cache
def name_list(name: str) -> tuple[str, ...]:
    """A names file: one entry a word, or separated by ``|`` where entries hold spaces."""
    text = " ".join(read_lines(FOLDER / "names" / f"{name}.txt"))
    return tuple(text.split("|") if "|" in text else text.split())


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a team. ``nickname`` is what the others call them."""

    first: str
    last: str
    rank: str
    nickname: str
    phone: str
    collar: str
    hand: Hand

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}"


def make_team(rng: Random, size: int) -> tuple[Person, ...]:
    """``size`` colleagues with different forenames, surnames and phones."""
    firsts = rng.sample(name_list("forenames"), size)
    lasts = rng.sample(name_list("surnames"), size)
    phones = rng.sample(range(identifiers.CANARY_SUFFIX), size)
    return tuple(
        Person(first, last, _rank(rng, place), _nickname(rng, first, last),
               f"+44 7700 900{number:03d}", str(rng.randint(1102, 9871)), make_hand(rng))
        for place, (first, last, number) in enumerate(zip(firsts, lasts, phones, strict=True))
    )  # fmt: skip


def display_name(rng: Random, person: Person) -> str:
    """How one phone shows ``person``: a saved contact, an unsaved number or a profile name."""
    style = rng.random()
    if style < 0.36:
        return rng.choice((person.full, f"{person.first} {person.last[0]}", person.first))
    if style < 0.52:
        return f"{person.rank} {person.last}"
    if style < 0.62:
        return f"{person.rank} {person.collar} {person.last}"
    if style < 0.72:
        return f"{person.first} {rng.choice(DISPLAY_EMOJI)}"
    if style < 0.80:
        return person.nickname
    if style < 0.90:
        return person.phone
    return f"~ {person.first}"


def own_name(rng: Random, person: Person) -> str:
    """How the exporting phone shows its owner: a profile name."""
    return rng.choice((person.full, person.full, f"{person.first} {person.last[0]}", person.first))


def contact_names(rng: Random, team: tuple[Person, ...], owner: int) -> tuple[str, ...]:
    """The team as ``owner``'s phone shows it; no two members look the same."""
    names: list[str] = []
    for place, person in enumerate(team):
        name = own_name(rng, person) if place == owner else display_name(rng, person)
        names.append(person.full if name in names else name)
    return tuple(names)


def name_identity(name: str) -> Identity:
    """The identity a display name gives away."""
    return ("PHONE" if name.startswith("+") else "PERSON", name.removeprefix("~ "))


def _rank(rng: Random, place: int) -> str:
    return "Sgt" if place == 0 else rng.choice(RANKS)


def _nickname(rng: Random, first: str, last: str) -> str:
    shape = rng.random()
    if shape < 0.4:
        return rng.choice(name_list("nicknames"))
    if shape < 0.7:
        return f"{last[:4].rstrip('aeiou')}{rng.choice(('y', 'o', 's', 'ers'))}".replace("'", "")
    return first


def place_name(rng: Random) -> str:
    """A town or estate that does not exist (as far as chance allows)."""
    return rng.choice(name_list("place_starts")) + rng.choice(name_list("place_ends"))


class Circle:
    """A chat's ``Cast``: the team, the places it works and the people it talks about."""

    def __init__(self, rng: Random, team: tuple[Person, ...]) -> None:
        self.team = team
        self.third = [
            (rng.choice(name_list("forenames")), rng.choice(name_list("surnames")))
            for _ in range(THIRD_PARTIES)
        ]
        self._subject = self.third[0]
        self.places = [place_name(rng) for _ in range(PLACES)]
        self.streets = [
            f"{rng.choice(name_list('place_starts'))}{rng.choice(name_list('place_ends'))} "
            f"{rng.choice(name_list('street_ends'))}"
            for _ in range(PLACES)
        ]
        self.organisations = rng.sample(name_list("organisations"), 8)
        self.pools = {
            slot: [maker(rng) for _ in range(NUMBER_POOL)]
            for slot, (_, maker) in identifiers.PLAIN_SLOTS.items()
        }

    def identity(self, slot: str, rng: Random) -> Identity:
        """A value for an identity slot, with its entity type."""
        pool = self.pools.get(slot)
        if pool is not None:
            return identifiers.PLAIN_SLOTS[slot][0], pool[int(rng.random() * NUMBER_POOL)]
        maker = getattr(self, f"_{slot}")
        value: Identity = maker(rng)
        return value

    def change_subject(self, rng: Random) -> None:
        """Start a topic: within it, mostly one outsider is talked about."""
        self._subject = self._stranger(rng)

    def _person(self, rng: Random) -> Person:
        return self.team[int(rng.random() * len(self.team))]

    def _stranger(self, rng: Random) -> tuple[str, str]:
        return self.third[int(rng.random() * THIRD_PARTIES)]

    def _spoken_of(self, rng: Random) -> tuple[str, str]:
        return self._subject if rng.random() < SAME_SUBJECT else self._stranger(rng)

    def _mate(self, rng: Random) -> Identity:
        person = self._person(rng)
        return "PERSON", person.nickname if rng.random() < 0.35 else person.first

    def _mate_full(self, rng: Random) -> Identity:
        return "PERSON", self._person(rng).full

    def _boss(self, rng: Random) -> Identity:
        person = self._person(rng)
        return "PERSON", f"{rng.choice(('Sgt', 'Insp', 'sarge', 'DS', 'PS'))} {person.last}"

    def _officer(self, rng: Random) -> Identity:
        person = self._person(rng)
        return "PERSON", f"{rng.choice(('PC', 'DC', 'PCSO'))} {person.last}"

    def _third(self, rng: Random) -> Identity:
        return "PERSON", " ".join(self._stranger(rng))

    def _third_first(self, rng: Random) -> Identity:
        return "PERSON", self._spoken_of(rng)[0]

    def _third_mr(self, rng: Random) -> Identity:
        title = rng.choice(("Mr", "Mrs", "Ms", "Miss", "Dr"))
        return "PERSON", f"{title} {self._spoken_of(rng)[1]}"

    def _town(self, rng: Random) -> Identity:
        return "LOCATION", self.places[int(rng.random() * PLACES)]

    def _street(self, rng: Random) -> Identity:
        return "LOCATION", self.streets[int(rng.random() * PLACES)]

    def _address(self, rng: Random) -> Identity:
        street = self.streets[int(rng.random() * PLACES)]
        return "ADDRESS", f"{1 + int(rng.random() * 140)} {street}"

    def _org(self, rng: Random) -> Identity:
        return "ORGANISATION", rng.choice(self.organisations)

    def _email(self, rng: Random) -> Identity:
        return "EMAIL", identifiers.email(rng, *self._stranger(rng))

    def _handle(self, rng: Random) -> Identity:
        return "HANDLE", identifiers.handle(rng, *self._stranger(rng))
