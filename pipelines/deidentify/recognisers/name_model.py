"""Names by the shipped encoder: what no list and no rule knows.

A finding counts only where it holds a word that could be a name (candidates.py). A text without
such a word therefore has no findings, and ``find_many`` does not show it to the encoder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from pipelines.deidentify.candidates import SPELT, holds_candidate
from pipelines.deidentify.entities import CONFIDENT, THRESHOLD, Finding, Kind
from pipelines.deidentify.lexicon import Lexicon, lexicon, words
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.ranks import RANK_WORDS
from pipelines.deidentify.text import Token

# What the model must give ordinary words (``hedge``, ``old diesel``), which it takes for nicknames,
# and ordinary words that are somebody's name as well (``rose``, ``frank``).
ORDINARY, WORD_NAME = 0.5, 0.4
# Sure enough of a person to be looked for in the whole chat: above what most ordinary words get.
# For places and numbers, a recogniser that knows their kind is surer.
SURE = 0.95
# What the model must give four digits that could be a time of day.
LIKELY = 0.8
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:hrs?)?")
# What a time of day or a year follows: ``until 2214``, ``pre 1990``. Words that stand before
# somebody's number as well (``from 2031``, ``about 2214``) are not among them.
_BEFORE_A_TIME = re.compile(
    r"\b(?:at|until|till?|ko|kick ?off|gates|brief(?:ing)?|hw|lw|eta|since) $", re.IGNORECASE
)
_BEFORE_A_YEAR = re.compile(r"\b(?:pre|post|since|in|circa|early|late|mid)[ -]$", re.IGNORECASE)
_YEAR = re.compile(r"19\d\d|20[0-2]\d")
_OPENS_A_TIME = words("ko hw lw eta brief gates")
_LETTERED = re.compile(
    r"\b(?:coach|carriage|car|platform|wing|block|bay|zone|area|gate|exit|door|entrance|unit|group|"
    r"team|shift|rota|plan|option|form|part|section|annex|appendix|figure|table|page|row|seat|size|"
    r"grade|band|class|category|cat|type|vitamin|hepatitis|junction|stand|terminal|line|list) $",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?:\bs\.?|\bsec(?:tion|t)?\.? ?|£|\$)$", re.IGNORECASE)
_FORM = re.compile(
    r"cs\d\d?|(?:mg|sfr|hort|va|ps|form|s|g|f|w|j|jct|m|a|b|grade|code)\.?\d{1,4}[a-z]{0,3}"
)


class Span(Protocol):
    """What an encoder says: a type, offsets in characters, a score from 0 to 1."""

    @property
    def type(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def score(self) -> float: ...


class Encoder(Protocol):
    """A model of names. Thresholds are its own: whatever it returns is redacted."""

    def find(self, texts: Sequence[str]) -> Sequence[Sequence[Span]]:
        """The names in each text, whatever the other texts are."""
        ...


class NameModel(TokenRecognizer):
    """People, places, organisations and the numbers that point at somebody, by the encoder, less
    what the job's own words explain."""

    KINDS = (Kind.PERSON, Kind.LOCATION, Kind.ORGANISATION, Kind.REFERENCE)

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self._encoder = encoder
        self._lists = lexicon()

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[Finding]:
        """Names in one text, which the encoder reads whatever it holds."""
        (spans,) = self._encoder.find([text])
        yield from self._findings(spans, text, tokens)

    def find_many(
        self, texts: Sequence[str], tokens: Sequence[Sequence[Token]]
    ) -> list[list[Finding]]:
        """Names in many texts, in their order: the same as one by one, in far less time."""
        found: list[list[Finding]] = [[] for _ in texts]
        asked = [i for i, words in enumerate(tokens) if holds_candidate(words)]
        if asked:
            read = self._encoder.find([texts[i] for i in asked])
            for i, spans in zip(asked, read, strict=True):
                found[i] = self._findings(spans, texts[i], tokens[i])
        return found

    def _findings(self, spans: Sequence[Span], text: str, tokens: Sequence[Token]) -> list[Finding]:
        return [f for span in spans if (f := self._finding(span, text, tokens))]

    def _finding(self, span: Span, text: str, tokens: Sequence[Token]) -> Finding | None:
        inside = [t for t in tokens if t.start < span.end and span.start < t.end]
        while inside and inside[0].low in RANK_WORDS:
            inside = inside[1:]
        if not inside or (len(inside) == 1 and _too_short(inside[0], span)):
            return None
        if len(inside) < 3 and _says_which(inside[-1], text):
            return None
        if not holds_candidate(inside):
            return None
        if span.type == Kind.REFERENCE:
            return _reference(span, inside, text)
        if not holds_candidate([t for t in inside if any(c.isalpha() for c in t.low)]):
            return None  # ``11 tomorra``: a number of what is no name
        if span.score < _needed(inside, self._lists):
            return None
        sure = span.type == Kind.PERSON and span.score >= SURE
        score = max(THRESHOLD, span.score if sure else min(span.score, CONFIDENT - 0.01))
        return Finding(max(span.start, inside[0].start), span.end, Kind(span.type), score)


def _reference(span: Span, inside: Sequence[Token], text: str) -> Finding | None:
    """A number or code. A lone digit counts something; a section or a form is the law's or the
    office's; a time of day must be likelier a number than not."""
    telling = any(_numeric(token) or token.capital or len(token) > 3 for token in inside)
    if not telling and len(inside) < SPELT:
        return None
    first = inside[0]
    if _FORM.fullmatch(text[first.start : inside[-1].end].lower()):
        return None
    if len(inside) == 2 and first.low in _OPENS_A_TIME and _CLOCK.fullmatch(inside[1].low):
        return None
    if len(inside) == 1:
        if _CLOCK.fullmatch(first.low) and _BEFORE_A_TIME.search(text, 0, first.start):
            return None
        if _YEAR.fullmatch(first.low) and _BEFORE_A_YEAR.search(text, 0, first.start):
            return None
        if _SECTION.search(text, 0, first.start):
            return None
        if _CLOCK.fullmatch(first.low) and span.score < LIKELY:
            return None
    score = max(THRESHOLD, min(span.score, CONFIDENT - 0.01))
    return Finding(max(span.start, first.start), span.end, Kind.REFERENCE, score)


def _too_short(token: Token, span: Span) -> bool:
    """One letter is somebody's initial where it is a capital amid a sentence and surely a name."""
    initial = token.capital and not token.opens and span.score >= SURE
    return len(token) == 1 and not initial


def _says_which(token: Token, text: str) -> bool:
    """A letter for one of several things: ``coach C``."""
    return len(token) == 1 and _LETTERED.search(text, 0, token.start) is not None


def _numeric(token: Token) -> bool:
    return len(token) > 1 and any(c.isdigit() for c in token.text)


def _needed(inside: Sequence[Token], lists: Lexicon) -> float:
    """The score ``inside`` must have where it is nothing but words of the dictionary."""
    if not all(_in_dictionary(token, lists) for token in inside):
        return 0
    return WORD_NAME if any(_listed(token, lists) for token in inside) else ORDINARY


def _in_dictionary(token: Token, lists: Lexicon) -> bool:
    """A word of the language or too short to be one, with no capital inside a sentence."""
    low = token.low
    if token.capital and not token.opens:
        return False
    plural = low.endswith("s") and low[:-1] in lists.common
    return low in lists.common or low in lists.proper or plural or len(low) < 3


def _listed(token: Token, lists: Lexicon) -> bool:
    return any(token.low in names for names in (lists.word_names, lists.surnames, lists.forenames))
