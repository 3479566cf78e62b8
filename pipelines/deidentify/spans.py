"""From overlapping findings to separate spans. Same findings, same answer, whatever the order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipelines.deidentify.entities import THRESHOLD, Finding, Kind

# Where two findings overlap with equal score and length, the earlier kind wins.
_RANK = {
    kind: rank
    for rank, kind in enumerate(
        [
            Kind.EMAIL,
            Kind.WHAT3WORDS,
            Kind.URL,
            Kind.PHONE,
            Kind.DEVICE,
            Kind.PERSON,
            Kind.HANDLE,
            *Kind,
        ]
    )
}


# Something that is not a person and is at least this sure swallows what it contains: the names in
# ``Larch Road`` or ``dave_s88`` are parts of an address or a handle.
SWALLOWS = 0.6


def resolve(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Separate spans covering every character found; the surer (then longer) finding keeps its
    type, the rest of the other keeps its own if any letter or digit is left in it. A lone ``'s``
    is of the span it follows."""
    kept: list[Finding] = []
    enough = [finding for finding in findings if finding.score >= THRESHOLD]
    for finding in sorted(_not_swallowed(enough), key=_preference):
        for start, end in _uncovered(finding, kept):
            start, end = _trim(text, start, end)
            if start < end:
                _keep(kept, Finding(start, end, finding.kind, finding.score), text)
    return sorted(kept)


def _keep(kept: list[Finding], finding: Finding, text: str) -> None:
    """Adds it; an ``'s`` that is left of it goes to the span it follows."""
    if text[finding.start : finding.end].lower() == "'s":
        for i, before in enumerate(kept):
            if before.end == finding.start:
                kept[i] = replace(before, end=finding.end)
                return
    kept.append(finding)


def _not_swallowed(findings: list[Finding]) -> list[Finding]:
    if len(findings) < 2:
        return findings
    wholes = [f for f in findings if f.kind != Kind.PERSON and f.score >= SWALLOWS]
    return [f for f in findings if not any(_inside(f, whole) for whole in wholes)]


def _inside(part: Finding, whole: Finding) -> bool:
    longer = part.end - part.start < whole.end - whole.start
    return longer and whole.start <= part.start and part.end <= whole.end


def _preference(finding: Finding) -> tuple[float, int, int, int]:
    rank = _RANK.get(Kind(finding.kind), len(_RANK))
    return -finding.score, finding.start - finding.end, rank, finding.start


def _uncovered(finding: Finding, kept: Iterable[Finding]) -> list[tuple[int, int]]:
    """The parts of ``finding`` that no kept span covers."""
    parts = [(finding.start, finding.end)]
    for other in kept:
        if other.start < finding.end and finding.start < other.end:
            parts = [
                piece
                for start, end in parts
                for piece in ((start, min(end, other.start)), (max(start, other.end), end))
                if piece[0] < piece[1]
            ]
    return parts


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without surrounding spaces; empty if no letter or digit is in it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else (start, start)
