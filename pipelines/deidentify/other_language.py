"""What goes where the recognisers cannot read: every word but a few that name nobody anywhere.

In a message that is not English every word and number goes, except those in
``data/safe_words.txt`` that no recogniser suspects. In an English message every word with a
letter of another script goes: no recogniser reads those either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import regex  # type: ignore[import-untyped]

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.language import OTHER_LETTER, lines_of

CERTAIN = 1.0

# Kinds found by the look of a number, link or code, whatever the language around it: their
# placeholders stay. What the English recognisers take for a name is only a suspicion here.
_NAMED = frozenset({Kind.PERSON, Kind.LOCATION, Kind.ORGANISATION, Kind.OPERATION})

_LETTERS = r"[\p{L}\p{M}\p{N}\u200c\u200d]"
_WORD = regex.compile(rf"{_LETTERS}+(?:['_.@/-]+{_LETTERS}+)*")
_JOINS = regex.compile(r"[ \t,]*")


def every_word(text: str, found: Sequence[Finding]) -> list[Finding]:
    """Spans to redact in a folded text that is not English, in order, none touching another's
    characters. ``found`` are the recognisers' resolved findings in it."""
    kept = [finding for finding in found if finding.kind not in _NAMED]
    suspects = [finding for finding in found if finding.kind in _NAMED]
    spans = list(kept)
    for start, end in _between(kept, len(text)):
        spans += _stretches(text, start, end, suspects)
    return sorted(spans)


def other_script(text: str) -> list[Finding]:
    """Words of a folded text with a letter of another script than Latin."""
    if text.isascii():
        return []
    words = (word.span() for word in _WORD.finditer(text) if OTHER_LETTER.search(word.group()))
    return [_finding(start, end) for start, end in words]


def _between(spans: Sequence[Finding], length: int) -> Iterator[tuple[int, int]]:
    at = 0
    for span in sorted(spans):
        yield at, span.start
        at = span.end
    yield at, length


def _stretches(text: str, start: int, end: int, suspects: Sequence[Finding]) -> Iterator[Finding]:
    """Neighbouring words that must go, as one: how many they were is nobody's business."""
    open_at = last = None
    for word in _WORD.finditer(text, start, end):
        if word.group().lower() in safe_words() and not _suspected(word.span(), suspects):
            continue
        if last is not None and open_at is not None:
            if _JOINS.fullmatch(text, last, word.start()):
                last = word.end()
                continue
            yield _finding(open_at, last)
        open_at, last = word.span()
    if last is not None and open_at is not None:
        yield _finding(open_at, last)


def _suspected(word: tuple[int, int], suspects: Sequence[Finding]) -> bool:
    return any(found.start < word[1] and word[0] < found.end for found in suspects)


def _finding(start: int, end: int) -> Finding:
    return Finding(start, end, Kind.OTHER_LANGUAGE, CERTAIN)


@lru_cache(maxsize=1)
def safe_words() -> frozenset[str]:
    """Folded, in lower case. None is in any list of names or places (tests/unit)."""
    return frozenset(" ".join(lines_of("safe_words.txt")).split())
