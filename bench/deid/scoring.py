"""Where clean text came from, and how much of each identity is gone. Pure functions.

An identity counts as removed when every letter and digit in it is covered: half a name is a leak.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.contracts import CleanMessage
from pipelines.deidentify.training.example import Span
from pipelines.deidentify.training.markup import OPTIONAL, Annotated


class AlignmentError(ValueError):
    """The clean text is not the original with placeholders put in. Names no content."""


def original_spans(original: str, clean: CleanMessage) -> tuple[list[Span], bool]:
    """What the placeholders of ``clean`` stand for: spans in ``original``, and whether that is
    the only way to read it.

    The text between placeholders is looked for in the original. Invisible characters (Unicode
    Cf: direction marks, joiners) may have been dropped on the way and are passed over.
    Placeholders with no letter or digit between them are read as one span, of the first's type:
    where one ends and the next begins cannot be told, and no letter or digit hangs on it. Where
    several readings are left (``<PERSON> and <PERSON>`` from "A and B and C") only characters
    covered by the first *and* the last are kept: the cautious answer.
    Raises ``AlignmentError`` where there is no reading.
    """
    if clean.text == "<UNPROCESSED>":
        return [Span(0, len(original), "UNPROCESSED")], True
    visible, positions = _visible(original)
    literals, kinds = _grouped(clean)
    first, last = (_read(visible, literals, quantifier) for quantifier in ("+?", "+"))
    if first is None or last is None:
        raise AlignmentError(f"message {clean.seq} does not follow from its original")
    spans = []
    for kind, a, b in zip(kinds, first, last, strict=True):
        start, end = max(a[0], b[0]), min(a[1], b[1])
        if start < end:
            spans.append(Span(positions[start], positions[end - 1] + 1, kind))
    return spans, first == last


def _visible(text: str) -> tuple[str, list[int]]:
    kept = [i for i, c in enumerate(text) if unicodedata.category(c) != "Cf"]
    return "".join(text[i] for i in kept), kept


def _grouped(clean: CleanMessage) -> tuple[list[str], list[str]]:
    """Literal text around each run of placeholders, and each run's first type."""
    literals: list[str] = [""]
    kinds: list[str] = []
    done = 0
    for entity in clean.entities:
        literal = _visible(clean.text[done : entity.start])[0]
        if kinds and not any(c.isalnum() for c in literal):
            literal = ""
        else:
            literals[-1] += literal
            literals.append("")
            kinds.append(entity.type)
        done = entity.end
    literals[-1] += _visible(clean.text[done:])[0]
    return literals, kinds


def _read(visible: str, literals: Sequence[str], quantifier: str) -> list[tuple[int, int]] | None:
    pattern = f"(.{quantifier})".join(re.escape(literal) for literal in literals)
    match = re.fullmatch(pattern, visible, re.DOTALL)
    return match and [match.span(n) for n in range(1, len(literals))]


@dataclass(slots=True)
class Tally:
    """Counts over one set of messages, by entity type where said."""

    identities: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    partly: int = 0
    chars: int = 0
    chars_removed: int = 0
    chars_redacted: int = 0
    messages: int = 0
    clean: int = 0
    clean_altered: int = 0

    def recall(self, kind: str | None = None) -> float:
        """Share of identities removed whole: of one type, or of all."""
        kinds = [kind] if kind else list(self.identities)
        total = sum(self.identities.get(k, 0) for k in kinds)
        return sum(self.removed.get(k, 0) for k in kinds) / total if total else float("nan")

    @property
    def char_recall(self) -> float:
        """Share of the identities' letters and digits that went."""
        return self.chars_removed / self.chars if self.chars else float("nan")

    @property
    def char_precision(self) -> float:
        """Share of redacted letters and digits that belonged to an identity."""
        return self.chars_removed / self.chars_redacted if self.chars_redacted else float("nan")

    @property
    def clean_altered_share(self) -> float:
        """Share of messages without an identity in which something was redacted."""
        return self.clean_altered / self.clean if self.clean else float("nan")


def tally(messages: Iterable[Annotated], found: Iterable[Sequence[Span]]) -> Tally:
    """Compare annotation with what was redacted, message by message."""
    total = Tally()
    for message, spans in zip(messages, found, strict=True):
        _add(total, message, spans)
    return total


def _add(total: Tally, message: Annotated, found: Sequence[Span]) -> None:
    optional = _covered(message.text, [s for s in message.spans if s.type == OPTIONAL])
    redacted = _covered(message.text, found)
    wanted = _covered(message.text, message.identities)
    for span in message.identities:
        letters = _covered(message.text, [span])
        total.identities[span.type] = total.identities.get(span.type, 0) + 1
        if letters <= redacted:
            total.removed[span.type] = total.removed.get(span.type, 0) + 1
        elif letters & redacted:
            total.partly += 1
    total.messages += 1
    total.chars += len(wanted)
    total.chars_removed += len(wanted & redacted)
    total.chars_redacted += len(redacted - optional)
    if not wanted:
        total.clean += 1
        total.clean_altered += bool(redacted - optional)


def _covered(text: str, spans: Iterable[Span]) -> set[int]:
    """Positions of the letters and digits inside ``spans``."""
    return {i for span in spans for i in range(span.start, span.end) if text[i].isalnum()}
