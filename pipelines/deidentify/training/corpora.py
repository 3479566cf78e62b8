"""Readers of the openly licensed tweet corpora (CoNLL columns, BIO labels)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from pipelines.deidentify.training.example import Example, join
from pipelines.deidentify.training.names import NameBank

TRAIN_FILES = ("btc.train", "btc.dev", "wnut17.train", "tweebank.train", "tweebank.dev")
DEV_FILES = ("wnut17.dev",)
"""WNUT17's development part is other text (video comments): it chooses thresholds, unseen."""

TYPES = {
    "PER": "PERSON",
    "person": "PERSON",
    "LOC": "LOCATION",
    "location": "LOCATION",
    "ORG": "ORGANISATION",
    "corporation": "ORGANISATION",
    "group": "ORGANISATION",
}
"""Corpus label to ours. Works, products and miscellany are nobody's identity: no label."""

SWAP_SHARE = 0.5
"""Share of a tweet's names replaced, so that American celebrities are not what is learnt."""

NO_SPACE_BEFORE = frozenset(
    {".", ",", "!", "?", ":", ";", ")", "'s", "n't", "'m", "'re", "'ll", "..."}
)

LONG_NUMBER = 5
"""Digits from which a tweet's number may point at somebody: nobody labelled them, so not learnt."""

Word = tuple[str, str]
"""A token and its BIO label."""


def read_sentences(path: Path) -> Iterator[list[Word]]:
    """Token lists of one CoNLL file: first column the token, last column the label."""
    words: list[Word] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = line.split()
        if len(columns) >= 2 and columns[0] != "-DOCSTART-":
            words.append((columns[0], columns[-1]))
        elif words:
            yield words
            words = []
    if words:
        yield words


def entities(words: list[Word]) -> Iterator[tuple[list[str], str | None]]:
    """Runs of tokens with one type. ``@`` is rejoined to its handle, type ``HANDLE``."""
    i = 0
    while i < len(words):
        text, label = words[i]
        if text == "@" and i + 1 < len(words):
            yield ["@" + words[i + 1][0]], "HANDLE"
            i += 2
            continue
        if text.startswith("@") and len(text) > 1:
            yield [text], "HANDLE"
            i += 1
            continue
        if label == "O" and sum(c.isdigit() for c in text) >= LONG_NUMBER:
            yield [text], "HANDLE"
            i += 1
            continue
        kind = TYPES.get(label[2:])
        end = i + 1
        while kind and end < len(words) and words[end][1] == f"I-{label[2:]}":
            end += 1
        yield [token for token, _ in words[i:end]], kind
        i = end


def as_example(words: list[Word], names: NameBank, rng: random.Random, swap: float) -> Example:
    """The sentence as text, spaces put back, ``swap`` of the people given other names."""
    parts: list[tuple[str, str | None]] = []
    for tokens, kind in entities(words):
        if kind == "PERSON" and rng.random() < swap:
            tokens = [names.person(rng) if len(tokens) == 1 else names.full(rng)]
        if parts and tokens[0] not in NO_SPACE_BEFORE:
            parts.append((" ", None))
        parts.append((" ".join(tokens), kind))
    return join(parts)


def read_tweets(
    folder: Path, files: tuple[str, ...], names: NameBank, rng: random.Random, swap: float = 0.0
) -> list[Example]:
    """Every sentence of ``files`` under ``folder`` as an example."""
    return [
        as_example(words, names, rng, swap)
        for name in files
        for words in read_sentences(folder / name)
    ]
