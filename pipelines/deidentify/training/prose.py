"""Ordinary informal sentences, nobody named, and the same with names put where pronouns stood.

Templates repeat their words; these sentences bring thousands of others, so that an unknown
ordinary word is not taken for a name, and show names in positions nobody wrote a template for.
"""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipelines.deidentify.training.example import Example, join
from pipelines.deidentify.training.names import NameBank

FILE = "risk/train/edos.csv"
"""EDOS (Kirk et al. 2023, CC0): 16,000 forum comments; only their wording is used here."""

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
PRONOUN = re.compile(r"\b(he|she|him)\b(['’]s\b)?", re.IGNORECASE)

COMMON = 4
"""A word seen this often in small letters is an ordinary word."""

SHORTEST, LONGEST = 3, 30
"""Words in a sentence that is used."""

NAMED_SHARE = 0.6
VOCATIVE_SHARE = 0.15


def read_prose(data: Path, names: NameBank) -> list[str]:
    """The sentences in which every word is ordinary: no name can be hidden in one."""
    with (data / FILE).open(encoding="utf-8", newline="") as stream:
        texts = [row["text"] for row in csv.DictReader(stream)]
    ordinary = _ordinary_words(texts, names)
    return [s for text in texts for s in SENTENCE_END.split(text) if _is_clean(s, ordinary)]


def _ordinary_words(texts: list[str], names: NameBank) -> set[str]:
    """Words common in small letters; a forename must be commoner than as a name."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for text in texts:
        for word in WORD.findall(text):
            (small if word.islower() else large)[word.lower()] += 1
    known = {name.lower() for name in (*names.forenames[0], *names.words["diminutives"])}
    return {
        word
        for word, count in small.items()
        if count >= COMMON and (word not in known or count > 5 * large[word])
    }


def _is_clean(sentence: str, ordinary: set[str]) -> bool:
    words = WORD.findall(sentence)
    return (
        SHORTEST <= len(words) <= LONGEST
        and "[" not in sentence
        and all(word.lower() in ordinary or word in ("I", "I'm", "I’m") for word in words)
    )


def vary(sentence: str, names: NameBank, rng: random.Random) -> Example:
    """The sentence as it is, or with names for pronouns, or addressed to somebody."""
    parts = list(_renamed(sentence, names, rng))
    if rng.random() < VOCATIVE_SHARE:
        name, roll = names.mention(rng), rng.random()
        if roll < 0.4:
            parts = [(name, "PERSON"), (rng.choice([" ", ", ", ": "]), None), *parts]
        elif roll < 0.5:
            parts = [("@", None), (name, "PERSON"), (" ", None), *parts]
        else:
            parts = [*parts, (rng.choice([" ", ", "]), None), (name, "PERSON")]
    return join(parts)


def _renamed(
    sentence: str, names: NameBank, rng: random.Random
) -> Iterator[tuple[str, str | None]]:
    at = 0
    if rng.random() < NAMED_SHARE:
        for match in PRONOUN.finditer(sentence):
            yield sentence[at : match.start()], None
            yield names.mention(rng), "PERSON"
            yield match[2] or "", None
            at = match.end()
    yield sentence[at:], None
