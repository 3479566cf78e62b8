"""A labelled sentence, and how its character spans become labels of word pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LABELS = (
    "O",
    "B-PERSON",
    "I-PERSON",
    "B-LOCATION",
    "I-LOCATION",
    "B-ORGANISATION",
    "I-ORGANISATION",
    "B-REFERENCE",
    "I-REFERENCE",
)
"""Output columns of the network, in order."""

IGNORED = -100
"""Target of a piece the loss skips: padding, and handles, which a pattern finds."""


@dataclass(frozen=True, slots=True)
class Span:
    """``[start, end)`` in characters. ``type`` is an entity type, ``HANDLE`` (not learnt), or in
    an annotated chat ``?`` (a matter of taste)."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and the spans in it, sorted and disjoint."""

    text: str
    spans: tuple[Span, ...]


def join(parts: Iterable[tuple[str, str | None]]) -> Example:
    """An example from (text, type or None) parts, laid end to end."""
    text, spans = "", []
    for part, kind in parts:
        if kind and part:
            spans.append(Span(len(text), len(text) + len(part), kind))
        text += part
    return Example(text, tuple(spans))


def piece_targets(spans: Sequence[Span], offsets: Sequence[tuple[int, int]]) -> list[int]:
    """One label index per word piece; ``offsets`` are the pieces' characters in the text.

    Empty offsets are special pieces ([CLS], [SEP]) and are ignored by the loss.
    """
    targets = []
    for start, end in offsets:
        if start == end:
            targets.append(IGNORED)
            continue
        span = next((s for s in spans if s.start < end and start < s.end), None)
        targets.append(0 if span is None else _label(span, start))
    return targets


def _label(span: Span, start: int) -> int:
    if span.type == "HANDLE":
        return IGNORED
    prefix = "B" if start <= span.start else "I"
    return LABELS.index(f"{prefix}-{span.type}")
