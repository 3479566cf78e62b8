"""Strangers' posts about nothing the taxonomy asks: how people write when nobody invents it.

The tweets that the name model learns from, names and handles replaced as de-identification would.
Nobody labelled them for risk. Hardly one speaks of police work or colleagues, so they count as none
of those categories; of hate, sexism and threats, which posts do hold, they say nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines.classify.taxonomy import CODES
from pipelines.classify.training.corpora import REGISTER_WEIGHT
from pipelines.classify.training.example import Example
from pipelines.classify.training.templates import VALIDATION_SHARE
from pipelines.deidentify.training.corpora import (
    DEV_FILES,
    NO_SPACE_BEFORE,
    TRAIN_FILES,
    Word,
    entities,
    read_sentences,
)

UNASKED = frozenset({"DISC", "SEXM", "VIOL"})
"""Categories a stranger's post may well belong to."""

TARGETS = {code: 0.0 for code in CODES if code not in UNASKED}


def read_posts(folder: Path, part: str) -> list[Example]:
    """The ``train`` or ``validation`` posts of ``folder`` (``ner/train``), each once."""
    texts = dict.fromkeys(
        _text(words) for name in TRAIN_FILES + DEV_FILES for words in read_sentences(folder / name)
    )
    return [
        Example(text, TARGETS, REGISTER_WEIGHT)
        for text in texts
        if _held(text) == (part == "validation")
    ]


def _text(words: list[Word]) -> str:
    text = ""
    for tokens, kind in entities(words):
        space = " " if text and tokens[0] not in NO_SPACE_BEFORE else ""
        link = tokens[0].startswith("http")
        text += space + ("<URL>" if link else f"<{kind}>" if kind else " ".join(tokens))
    return text


def _held(text: str) -> bool:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) < VALIDATION_SHARE * 2**32
