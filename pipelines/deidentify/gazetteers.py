"""Makes the word lists in ``data/`` from openly licensed names, places and text.

Run as ``python -m pipelines.deidentify.gazetteers DATA WORDS``: DATA holds ``names/``,
``ner/train`` and ``risk/train``, WORDS is the spelling list of Debian's ``wbritish`` package
(see data/NOTICE.md). Needs Faker, which comes with the ``dev`` extra.
"""

from __future__ import annotations

import csv
import importlib
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.deidentify.text import fold

DATA = Path(__file__).resolve().parent / "data"
FAKER_LOCALES = [
    "en_GB",
    "en_IE",
    "en_IN",
    "en_PK",
    "en_NG",
    "en_KE",
    "en_US",
    "pl_PL",
    "ro_RO",
    "lt_LT",
    "hu_HU",
    "tr_TR",
    "pt_PT",
    "it_IT",
    "es_ES",
    "sk_SK",
    "cs_CZ",
    "hr_HR",
    "nl_NL",
    "de_DE",
    "fr_FR",
    "yo_NG",
    "ig_NG",
    "ha_NG",
    "tw_GH",
    "sv_SE",
]
COMMON_FROM = 3  # lower-case sightings in the training texts that make a word ordinary
FREQUENT_FROM = 40  # sightings that make a word one of the language's commonest
RARE_NAME = 300  # UK births below which a short forename, or one also a word, needs evidence
SHORT_NAME = 3  # letters
# Surnames the training texts hold in lower case, which are still nobody's ordinary words.
PLAIN_SURNAMES = frozenset(
    [
        "patel",
        "edwards",
        "jones",
        "johns",
        "hancock",
        "gonzalez",
        "garrett",
        "ortiz",
        "mckinley",
        "mcqueen",
        "gillis",
        "ibarra",
        "garza",
        "harmon",
        "guinan",
        "hicks",
        "kieffer",
        "sosa",
        "whitehouse",
        "carr",
        "dickson",
    ]
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?", re.IGNORECASE)
_NAME = re.compile(r"[a-z][a-z'-]*[a-z]")
_COMPASS = re.compile(
    r"\b(north|south|east|west|central|centre|town|city|upper|lower|inner|outer|north-west"
    r"|north-east|south-west|south-east|rural|village)\b"
)
_LAD_SUFFIX = re.compile(r", (city|county) of$| (london boro|\(b\))$")


def build(source: Path, spelling: Path, target: Path = DATA) -> None:
    """Write forenames, surnames, places, common and proper words, one a line, sorted, folded."""
    lower, named = _word_counts(source)
    spelt = {fold(word).text for word in spelling.read_text(encoding="utf-8").split()}
    words = set(_read(target / "word_names.txt"))
    police = set(_read(target / "police_words.txt"))
    births = _births(source / "names/uk_forenames_1974_2008_n50.csv")
    diminutives = set(_diminutives(target))
    known = {
        name
        for name in {*births, *diminutives, *_other_forenames(source)}
        if _NAME.fullmatch(name) and name not in words | police
    }
    forenames = {
        name
        for name in known
        if name in diminutives
        or births[name] >= RARE_NAME
        or (len(name) > SHORT_NAME and lower[name] < COMMON_FROM and name not in spelt)
    }
    surnames = {name for name in _surnames(source) if _NAME.fullmatch(name)}
    seen = {w for w, count in lower.items() if count >= COMMON_FROM and count > named[w]}
    places = {place for place in _places(source / "names") if len(place) > 2}
    # A place the spelling list has with and without capital ("Oxford") is ordinary only if seen.
    doubtful = {w for w in places if w.capitalize() in spelt}
    listed = {w for w in spelt if w.islower() and w.isalpha()} - doubtful
    common = (seen | listed) - forenames - PLAIN_SURNAMES
    _write(target / "forenames.txt", forenames)
    _write(target / "rare_forenames.txt", known - forenames - common)
    _write(target / "surnames.txt", surnames - police)
    _write(target / "common_words.txt", common)
    _write(target / "places.txt", places)
    _write(target / "frequent_words.txt", {w for w in seen if lower[w] >= FREQUENT_FROM} & common)
    proper = {
        fold(w).text.lower() for w in spelt if w[0].isupper() and w.isalpha() and w[1:].islower()
    }
    _write(target / "proper_words.txt", proper - known - surnames - common - places - words)


def _plain(name: str) -> str:
    return fold(name).text.lower().strip()


def _births(path: Path) -> Counter[str]:
    births: Counter[str] = Counter()
    for row in _rows(path):
        births[_plain(row["name"])] += int(float(row["n"]))
    return births


def _other_forenames(source: Path) -> Iterator[str]:
    for row in _rows(source / "names/common-forenames-by-country.csv"):
        yield from _plain(row["Romanized Name"]).split()
    for file in ("male.txt", "female.txt"):
        yield from map(_plain, (source / "names/kantrowitz" / file).read_text().split())
    yield from _faker("first_names")


def _diminutives(target: Path) -> Iterator[str]:
    for row in _rows(target / "diminutives.csv"):
        yield from [row["name"], *row["also"].split()]


def _surnames(source: Path) -> Iterator[str]:
    for row in _rows(source / "names/common-surnames-by-country.csv"):
        yield from _plain(row["Romanized Name"]).split()
    yield from _faker("last_names")


def _faker(attribute: str) -> Iterator[str]:
    """Every Latin-script name of a kind that Faker's chosen locales know."""
    for locale in FAKER_LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for key in dir(provider):
            if key.startswith(attribute):
                yield from (_plain(str(name)) for name in getattr(provider, key))


def _places(names: Path) -> Iterator[str]:
    columns = {
        "lad_names_gb.csv": "LAD13NM",
        "constituency_names_gb.csv": "PCON13NM",
        "msoa_names_ew.csv": "name",
    }
    for file, column in columns.items():
        for row in _rows(names / file):
            whole = _LAD_SUFFIX.sub("", _plain(row[column]))
            yield whole
            for part in re.split(r",| and | & ", whole):
                yield part.strip()
                yield " ".join(_COMPASS.sub(" ", part).split())


def _word_counts(source: Path) -> tuple[Counter[str], Counter[str]]:
    """How often each word occurs in lower case outside names, and as part of a person's name."""
    lower: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for word, label in _labelled(source / "ner/train"):
        if "per" in label.lower():
            named[word.lower()] += 1
        elif label == "O" and word.islower():
            lower[word] += 1
    for text in _texts(source / "risk/train"):
        lower.update(word for word in _WORD.findall(text) if word.islower())
    return lower, named


def _labelled(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = line.split()
            if len(fields) > 1 and _WORD.fullmatch(fields[0]):
                yield fields[0], fields[-1]


def _texts(folder: Path) -> Iterator[str]:
    csv.field_size_limit(1 << 30)
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".txt":
            yield path.read_text(encoding="utf-8", errors="replace")
        elif path.suffix == ".csv":
            for row in _rows(path):
                yield from (v for v in row.values() if isinstance(v, str) and " " in v.strip())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        yield from csv.DictReader(handle)


def _read(path: Path) -> Iterator[str]:
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            yield from line.split()


def _write(path: Path, words: Iterable[str]) -> None:
    path.write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
