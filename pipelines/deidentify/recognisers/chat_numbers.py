"""Numbers a chat has given away: said to be somebody's once, or given when one was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pipelines.contracts import Message
from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.text import Token

# Below any recogniser that knows the kind of number, so that its kind is kept.
KNOWN = 0.49
ASKED_FOR = 0.45
ANSWERS = 4  # messages after a question in which its answer is looked for
SHORTEST = 3  # digits: fewer are hours, ages and counts
SURE = 0.6  # a finding at least this sure makes its number known in the whole chat

NUMBERED = frozenset(
    {
        Kind.COLLAR_NUMBER, Kind.INCIDENT_NUMBER, Kind.CRIME_REFERENCE, Kind.CUSTODY_NUMBER,
        Kind.URN, Kind.PNC_ID, Kind.PHONE, Kind.VEHICLE, Kind.DEVICE, Kind.REFERENCE,
        Kind.BANK_ACCOUNT, Kind.CALL_SIGN,
    }
)  # fmt: skip

_THING = (
    r"(?:refs?|references?|numbers?|nums?|nos?|numerals?|collar|shoulder|warrant|log|cad|inc|"
    r"incident|crime|urn|niche|occ|occurrence|custody|record|reg|index|plate|vrm|phone|mob|mobile|"
    r"serial|seal|pnc|pncid|id|imei|account|sort ?code|call ?sign|exhibit|extension|ext|cro|nhs|ni|"
    r"passport|licence)"
)
_ASKING = (
    r"(?:what'?s|what is|need|want|got|send|give|gimme|have you|anyone (?:got|have)|remind me)"
)
_QUESTION = re.compile(
    rf"\b{_THING}\b[^?\n]{{0,60}}\?|\b{_ASKING}\b[^?\n]{{0,40}}\b{_THING}\b", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])(?:00|15|30|45)|20[0-3]\d|19\d\d")
_NO_ANSWER = re.compile(
    r"\s?(?:mins?|minutes?|hours?|hrs?|quid|pounds?|miles|%|people|times|k\b|am\b|pm\b|:\d|of us)",
    re.IGNORECASE,
)


def answers(messages: Sequence[Message]) -> frozenset[str]:
    """Texts sent within ``ANSWERS`` messages after a number was asked for, the asking one too."""
    found: set[str] = set()
    left = 0
    asking = {text for text in {m.text for m in messages} if _QUESTION.search(text)}
    for message in messages:
        left = ANSWERS + 1 if message.text in asking else max(0, left - 1)
        if left:
            found.add(message.text)
    return frozenset(found)


def known_numbers(found: Iterable[tuple[str, Sequence[Finding]]]) -> frozenset[str]:
    """Tokens of numbers found for sure anywhere in the chat; a time of day or a year only if it
    is the whole number."""
    known: set[str] = set()
    for text, findings in found:
        for finding in findings:
            if finding.kind in NUMBERED and finding.score >= SURE:
                parts = re.findall(r"[A-Za-z0-9]+", text[finding.start : finding.end])
                known.update(p.lower() for p in parts if _telling(p, alone=len(parts) == 1))
    return frozenset(known)


def _telling(part: str, alone: bool) -> bool:
    digits = sum(c.isdigit() for c in part)
    if digits < SHORTEST and not (digits and len(part) > SHORTEST):
        return False
    return alone or _CLOCK.fullmatch(part) is None


class ChatNumbers(TokenRecognizer):
    """Known numbers wherever they stand, and in an answer every number long enough to be one."""

    KINDS = (Kind.REFERENCE,)

    def __init__(self, known: frozenset[str], asked: bool = False) -> None:
        super().__init__()
        self._known, self._asked = known, asked

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[Finding]:
        """Spans of numbers."""
        for token in tokens:
            if token.low in self._known:
                yield Finding(token.start, token.end, Kind.REFERENCE, KNOWN)
            elif self._asked and _answer(text, token):
                yield Finding(token.start, token.end, Kind.REFERENCE, ASKED_FOR)


def _answer(text: str, token: Token) -> bool:
    digits = sum(c.isdigit() for c in token.text)
    if digits < SHORTEST or text[max(0, token.start - 1) : token.start] in {"£", "$", ":", "."}:
        return False
    return _CLOCK.fullmatch(token.text) is None and _NO_ANSWER.match(text, token.end) is None
