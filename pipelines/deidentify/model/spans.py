"""From word-piece probabilities to spans of whole words. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

TYPES = ("PERSON", "LOCATION", "ORGANISATION", "REFERENCE")
"""Order of the network's outputs: O, then B and I of each."""

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
"""Letters and digits, with apostrophes and hyphens inside: O'Neill, Smith-Jones, dave's."""

POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)

OWN_POSSESSIVE = 0.2
"""Probability from which an ``'s`` is part of a name (``at marlowe's``) and not what says that
something is somebody's."""

JOINER = re.compile(r"[ \t]{1,2}|\.[ \t]?|, (?=\w)")
"""What may stand between two words of one name: ``Sarah Jones``, ``J.Smith``, ``Jones, Sarah``."""

ABBREVIATED = 2
"""Letters a word before a full stop may have for the name to go on: an initial, ``St.``."""

CODE_JOINER = re.compile(r"[ \t]{1,2}|[./\-_:]{1,3}")
"""What may stand between two parts of one number: ``26/88123``, ``0456 120326``."""

BEGIN_MARGIN = 0.5
"""P(begin) - P(inside) from which two adjoining words are two names and not one."""


@dataclass(frozen=True, slots=True)
class NameSpan:
    """``[start, end)`` in characters of the text given. ``score``, the surest word's, is 0 to 1, to
    3 places; ``words`` are where each of its words starts, and that word's score."""

    type: str
    start: int
    end: int
    score: float
    words: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    span: NameSpan
    begins: bool


def spans_of(
    text: str,
    offsets: Sequence[tuple[int, int]],
    probabilities: NDArray[np.float32],
    thresholds: Mapping[str, float],
) -> list[NameSpan]:
    """The names in ``text``. ``probabilities`` is (pieces, 7), a row for each of ``offsets``.

    A word is a name when any of its pieces is: names unknown to the vocabulary come in pieces.
    A possessive ``'s`` is left outside, unless it is itself likely of a name (``marlowe's``); a
    run-together one (``daves``) is part of the word.
    """
    joined: list[NameSpan] = []
    for word in _name_words(text, offsets, probabilities, thresholds):
        last = joined[-1] if joined else None
        if last and not word.begins and _joins(text, last, word.span):
            score = max(last.score, word.span.score)
            words = last.words + word.span.words
            joined[-1] = replace(last, end=word.span.end, score=score, words=words)
        else:
            joined.append(word.span)
    return joined


def _joins(text: str, last: NameSpan, following: NameSpan) -> bool:
    joiner = CODE_JOINER if last.type == "REFERENCE" else JOINER
    between = text[last.end : following.start]
    if last.type != following.type or joiner.fullmatch(between) is None:
        return False
    if last.type == "PERSON" and POSSESSIVE.search(text[last.start : last.end]):
        return False  # ``tom's kev`` are two
    ends_sentence = between.startswith(".") and last.type != "REFERENCE"
    return not ends_sentence or len(WORD.findall(text[last.start : last.end])[-1]) <= ABBREVIATED


def _name_words(
    text: str,
    offsets: Sequence[tuple[int, int]],
    probabilities: NDArray[np.float32],
    thresholds: Mapping[str, float],
) -> Iterator[_Word]:
    piece, count = 0, len(offsets)
    scores = (1.0 - probabilities[:, 0]).tolist()
    lowest = min(thresholds.values())
    for match in WORD.finditer(text):
        start, end = match.span()
        while piece < count and offsets[piece][1] <= start:
            piece += 1
        last = piece
        while last < count and offsets[last][0] < end:
            last += 1
        score = max(scores[piece:last], default=0.0)
        if last > piece and score >= lowest:
            span = _decide(score, probabilities[piece:last], start, end, thresholds)
            if span:
                begins = _begins(probabilities[piece])
                owned = scores[last - 1] < OWN_POSSESSIVE
                yield _Word(_without_possessive(text, span) if owned else span, begins)
        piece = max(piece, last - 1)


def _begins(piece: NDArray[np.float32]) -> bool:
    """Whether a new name clearly starts here; in doubt the word belongs to the one before."""
    return bool(piece[1::2].sum() - piece[2::2].sum() > BEGIN_MARGIN)


def _decide(
    score: float,
    pieces: NDArray[np.float32],
    start: int,
    end: int,
    thresholds: Mapping[str, float],
) -> NameSpan | None:
    """The likeliest type, if ``score``, the surest piece's of being any name, reaches its
    threshold."""
    likeliest = (pieces[:, 1::2] + pieces[:, 2::2]).max(axis=0)
    kind = TYPES[int(likeliest.argmax())]
    if score < thresholds[kind]:
        return None
    score = round(score, 3)
    return NameSpan(kind, start, end, score, ((start, score),))


def _without_possessive(text: str, span: NameSpan) -> NameSpan:
    ending = POSSESSIVE.search(text[span.start : span.end])
    return replace(span, end=span.start + ending.start()) if ending else span
