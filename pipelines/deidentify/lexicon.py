"""The word lists in ``data/``, read once. See data/NOTICE.md for where they come from."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words by what they can be, all folded and in lower case.

    ``forenames`` are names in any case; ``word_names`` are names only with evidence. ``common``
    are ordinary words and ``frequent`` the commonest of them, of the language and of police chat;
    ``never_names`` those of the commonest that, in small letters, are nobody's name though a list
    has them as somebody's. ``police`` are words of the job, kept whatever their capitals;
    ``proper`` are capitalised words that name no person here (countries, brands, peoples). ``kin``
    gives, for a forename, its diminutives and spellings.
    """

    forenames: frozenset[str]
    word_names: frozenset[str]
    surnames: frozenset[str]
    common: frozenset[str]
    frequent: frozenset[str]
    never_names: frozenset[str]
    police: frozenset[str]
    places: frozenset[str]
    proper: frozenset[str]
    kin: dict[str, frozenset[str]]

    def ordinary(self, word: str) -> bool:
        """Whether ``word`` would need evidence to be taken for a name."""
        return word in self.common or word in self.police or word in self.word_names


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Read the lists (about 0.1 s the first time)."""
    dialect = _words("dialect_words.txt")
    return Lexicon(
        forenames=_words("forenames.txt"),
        word_names=_words("word_names.txt") | _words("rare_forenames.txt"),
        surnames=_words("surnames.txt"),
        common=_words("common_words.txt")
        | dialect
        | _words("slang_words.txt")
        | _words("everyday_words.txt"),
        frequent=_words("frequent_words.txt") | dialect | _words("settled_words.txt"),
        never_names=_words("never_names.txt"),
        police=_words("police_words.txt"),
        places=frozenset((DATA / "places.txt").read_text(encoding="utf-8").splitlines()),
        proper=_words("proper_words.txt"),
        kin=_kin(),
    )


def words(text: str) -> frozenset[str]:
    """The words of a short list written in code."""
    return frozenset(text.split())


def data_version() -> str:
    """A hash of every list, for the engine's version."""
    digest = hashlib.sha256()
    for path in sorted(DATA.iterdir()):
        if path.suffix in {".txt", ".csv"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def model_version() -> str:
    """A hash of the name model's checksums."""
    sums = Path(__file__).resolve().parent / "model" / "SHA256SUMS"
    return hashlib.sha256(sums.read_bytes()).hexdigest()[:8]


def _words(file: str) -> frozenset[str]:
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _kin() -> dict[str, frozenset[str]]:
    related: defaultdict[str, set[str]] = defaultdict(set)
    with (DATA / "diminutives.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            family = {row["name"], *row["also"].split()}
            related[row["name"]] |= family
            for name in row["also"].split():
                related[name] |= family
    return {name: frozenset(family) for name, family in related.items()}
