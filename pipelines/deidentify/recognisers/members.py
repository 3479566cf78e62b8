"""The people and groups of one chat, wherever they are mentioned in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.evidence import member_meant
from pipelines.deidentify.roster import Roster
from pipelines.deidentify.text import Token

WHOLE = 0.97
PART = 0.95
WITH_EVIDENCE = 0.75
_GAP = 3  # characters at most between the words of one name


class Members(TokenRecognizer):
    """A chat's roster as a Presidio recogniser: made for one chat, then thrown away."""

    KINDS = (Kind.PERSON, Kind.ORGANISATION)

    def __init__(self, roster: Roster) -> None:
        super().__init__()
        self._roster = roster
        self._triggers = roster.triggers

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[Finding]:
        """Whole names first, then their parts."""
        if not any(token.low in self._triggers or not token.text.isascii() for token in tokens):
            return  # nobody: only capitals outside ASCII could still be initials
        index = 0
        while index < len(tokens):
            phrase = self._phrase(text, tokens, index)
            if phrase:
                length, kind = phrase
                yield Finding(tokens[index].start, _end(tokens[index + length - 1]), kind, WHOLE)
                index += length
                continue
            finding = self._word(text, tokens, index)
            if finding:
                yield finding
            index += 1

    def _phrase(self, text: str, tokens: Sequence[Token], index: int) -> tuple[int, Kind] | None:
        for words, kind in self._roster.phrases.get(tokens[index].low, ()):
            found = tokens[index : index + len(words)]
            if len(found) < len(words):
                continue
            lows = [token.low for token in found]
            if lows[-1].endswith("'s") and not words[-1].endswith("'s"):
                lows[-1] = lows[-1][:-2]
            if tuple(lows) == words and _close(text, found):
                return len(words), kind
        return None

    def _word(self, text: str, tokens: Sequence[Token], index: int) -> Finding | None:
        token = tokens[index]
        kind = self._roster.words.get(token.low)
        if kind:
            return Finding(token.start, _end(token), kind, PART)
        if token.low in self._roster.weak and member_meant(tokens, index, text):
            return Finding(token.start, _end(token), Kind.PERSON, WITH_EVIDENCE)
        if token.text.upper() in self._roster.initials and not text.isupper():
            return Finding(token.start, token.end, Kind.PERSON, WITH_EVIDENCE)
        return None


def _close(text: str, found: Sequence[Token]) -> bool:
    return all(
        right.start - left.end <= _GAP and "\n" not in text[left.end : right.start]
        for left, right in itertools.pairwise(found)
    )


def _end(token: Token) -> int:
    return token.end - 2 if token.low.endswith("'s") else token.end
