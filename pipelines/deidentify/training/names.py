"""Names and places to fill slots with: many heritages, and the forms chat gives them.

Names are split by a hash of their spelling: ``dev`` names never occur in training, so the
held-out templates measure names the network has not seen.
"""

from __future__ import annotations

import csv
import importlib
import random
import tomllib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent

SURNAME_LOCALES = (
    ("en_GB", 4), ("en_IE", 1), ("ga_IE", 1), ("en_IN", 3), ("en_PK", 3), ("en_NG", 6),
    ("ha_NG", 4), ("ig_NG", 6), ("yo_NG", 4), ("tw_GH", 3), ("en_KE", 1), ("zu_ZA", 1),
    ("tr_TR", 4), ("sw", 1), ("fr_DZ", 1), ("en_US", 1), ("en_NZ", 1), ("it_IT", 1),
    ("es_ES", 1), ("pt_PT", 2), ("ro_RO", 2), ("lt_LT", 2), ("sk_SK", 1), ("cs_CZ", 1),
    ("hr_HR", 1), ("nl_NL", 1), ("de_DE", 1), ("fr_FR", 1), ("sv_SE", 1), ("vi_VN", 3),
    ("az_AZ", 1), ("hu_HU", 1),
)  # fmt: skip
"""Faker locales in Latin script, with how often each is drawn."""

FORENAME_LOCALES = (
    ("en_IN", 2), ("en_PK", 2), ("en_NG", 2), ("yo_NG", 2), ("tw_GH", 2), ("en_KE", 1),
    ("tr_TR", 2), ("ga_IE", 1), ("pl_PL", 3), ("ro_RO", 2), ("lt_LT", 1), ("it_IT", 1),
    ("es_ES", 1), ("pt_PT", 1), ("fr_FR", 1), ("de_DE", 1), ("zu_ZA", 1),
)  # fmt: skip

DEV_SHARE = 10
"""One name in this many is kept for the development set."""

Weighted = tuple[list[str], list[float]]


@dataclass(frozen=True, slots=True)
class NameBank:
    """Weighted lists of one split. Draws take the generator, so a seed fixes a corpus."""

    forenames: Weighted
    other_forenames: list[str]
    surnames: list[list[str]]
    surname_weights: list[float]
    places: list[list[str]]
    words: dict[str, list[str]]

    def forename(self, rng: random.Random) -> str:
        """A forename: half by how common in the UK, some from everywhere, some words."""
        roll = rng.random()
        if roll < 0.55:
            return rng.choices(*self.forenames)[0]
        if roll < 0.80:
            return rng.choice(self.other_forenames)
        if roll < 0.92:
            return rng.choice(self.words["diminutives"])
        return rng.choice(self.words["word_forenames"])

    def surname(self, rng: random.Random) -> str:
        """A surname of any heritage; now and then one that is a word or double-barrelled."""
        roll = rng.random()
        if roll < 0.12:
            return rng.choice(self.words["word_surnames"])
        name = self._surname(rng)
        return f"{name}-{self._surname(rng)}" if roll > 0.97 else name

    def _surname(self, rng: random.Random) -> str:
        return rng.choice(rng.choices(self.surnames, self.surname_weights)[0])

    def nickname(self, rng: random.Random) -> str:
        """What the shift calls someone: Macca, Smithy, Big Dave."""
        roll = rng.random()
        if roll < 0.5:
            return rng.choice(self.words["nicknames"])
        if roll < 0.75:
            stem = self._surname(rng)[:5].rstrip("aeiouy'- ")
            return stem + rng.choice(["y", "ie", "o", "ers", "sy", "a"])
        return f"{rng.choice(['big', 'little', 'wee', 'old', 'young', 'mad'])} {self.forename(rng)}"

    def full(self, rng: random.Random) -> str:
        """Forename and surname, sometimes with a middle name or initial."""
        first, last, roll = self.forename(rng), self.surname(rng), rng.random()
        if roll < 0.80:
            return f"{first} {last}"
        if roll < 0.87:
            return f"{first[0]}{rng.choice([' ', '. ', '.'])}{last}"
        if roll < 0.92:
            return f"{first} {rng.choice('ABCDEGHJKLMPRSTW')} {last}"
        if roll < 0.96:
            return f"{first} {self.forename(rng)} {last}"
        return f"{last}, {first}" if roll < 0.98 else f"{first} {last[0]}"

    def initials(self, rng: random.Random) -> str:
        """JS, J.S., or a forename with an initial."""
        first, last = self.forename(rng), self.surname(rng)
        forms = (f"{first[0]}{last[0]}", f"{first[0]}.{last[0]}.", f"{first} {last[0]}")
        return rng.choices(forms, [2, 1, 5])[0]

    def person(self, rng: random.Random) -> str:
        """Any one-token-ish mention of somebody in chat, misspelt now and then."""
        roll = rng.random()
        if roll < 0.66:
            name = self.forename(rng)
        elif roll < 0.84:
            name = self.surname(rng)
        else:
            name = self.nickname(rng)
        return misspell(name, rng) if rng.random() < 0.06 else name

    def mention(self, rng: random.Random) -> str:
        """Any mention at all: mostly one name, one in four a full one."""
        roll = rng.random()
        if roll < 0.25:
            return self.full(rng)
        return self.initials(rng) if roll < 0.27 else self.person(rng)

    def place(self, rng: random.Random) -> str:
        """A town, district, constituency or neighbourhood, or one made of the same elements."""
        if rng.random() < 0.35:
            place = rng.choice(self.words["place_starts"]) + rng.choice(self.words["place_ends"])
            return (
                f"{rng.choice(self.words['place_before'])} {place}" if rng.random() < 0.2 else place
            )
        name = rng.choice(rng.choices(self.places, [3, 2, 4])[0])
        return rng.choice(name.split(" and ")) if " and " in name else name


def misspell(name: str, rng: random.Random) -> str:
    """One slip of the thumb: a letter doubled, dropped or swapped."""
    if len(name) < 4:
        return name
    i = rng.randrange(1, len(name) - 1)
    slips = (
        name[:i] + name[i] + name[i:],
        name[:i] + name[i + 1 :],
        name[:i] + name[i + 1] + name[i] + name[i + 2 :],
    )
    return rng.choice(slips)


def load_names(folder: Path, split: str) -> NameBank:
    """The bank of ``split`` (``train`` or ``dev``) from the lists in ``folder``."""
    words = tomllib.loads((HERE / "lists.toml").read_text(encoding="utf-8"))
    uk = [
        (row["name"].title(), float(row["n"]) ** 0.6)
        for row in _rows(folder, "uk_forenames_1974_2008_n50.csv")
    ]
    kept = set(_of_split((name for name, _ in uk), split))
    uk = [(name, weight) for name, weight in uk if name in kept]
    surnames = [
        words["surnames"],
        [*_column(folder, "common-surnames-by-country.csv", "Romanized Name")],
    ]
    surnames += [_faker_names(locale, "last_names") for locale, _ in SURNAME_LOCALES]
    surnames.append(_faker_names("zh_CN", "last_romanized_names"))
    others = [
        *_column(folder, "common-forenames-by-country.csv", "Romanized Name"),
        *words["forenames"],
    ]
    for locale, weight in FORENAME_LOCALES:
        others += _faker_names(locale, "first_names") * weight
    others += (folder / "kantrowitz/male.txt").read_text().split()
    others += (folder / "kantrowitz/female.txt").read_text().split()
    split_surnames = [_of_split(group, split) for group in surnames]
    weights = [24.0, 6.0, *(float(weight) for _, weight in SURNAME_LOCALES), 3.0]
    return NameBank(
        forenames=([name for name, _ in uk], [weight for _, weight in uk]),
        other_forenames=_of_split(others, split),
        surnames=[group for group in split_surnames if group],
        surname_weights=[w for w, group in zip(weights, split_surnames, strict=True) if group],
        places=_places(folder, split),
        words={name: values for name, values in words.items() if isinstance(values, list)},
    )


def _places(folder: Path, split: str) -> list[list[str]]:
    files = (
        ("lad_names_gb.csv", "LAD13NM"),
        ("constituency_names_gb.csv", "PCON13NM"),
        ("msoa_names_ew.csv", "name"),
    )
    return [_of_split(_column(folder, file, column), split) for file, column in files]


def _rows(folder: Path, file: str) -> Iterable[dict[str, str]]:
    with (folder / file).open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _column(folder: Path, file: str, column: str) -> list[str]:
    return [row[column] for row in _rows(folder, file) if _latin(row[column])]


def _faker_names(locale: str, attribute: str) -> list[str]:
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    return [name for name in getattr(provider, attribute, ()) if _latin(name)]


def _latin(name: str) -> bool:
    return len(name) > 1 and all(ord(c) < 0x250 or c == "’" for c in name)


def _of_split(names: Iterable[str], split: str) -> list[str]:
    wanted = split == "dev"
    return [n for n in names if (zlib.crc32(n.lower().encode()) % DEV_SHARE == 0) is wanted]
