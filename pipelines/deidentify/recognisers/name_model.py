"""Names by the shipped encoder: what no list and no rule knows.

A finding counts only where it holds a word that could be a name (candidates.py). A text without
such a word therefore has no findings, and ``notice`` does not show it to the encoder.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from pipelines.deidentify.candidates import SPELT, holds_candidate
from pipelines.deidentify.clues import CLOCK, Found
from pipelines.deidentify.entities import CONFIDENT, THRESHOLD, Finding, Kind
from pipelines.deidentify.judge import NOTICED, Judge, Noticed, names, place
from pipelines.deidentify.lexicon import words
from pipelines.deidentify.model.encoder import HERE, NameEncoder
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.ranks import RANK_WORDS
from pipelines.deidentify.text import Token

# Sure enough of a person to be looked for in the whole chat: above what most ordinary words get.
# For places and numbers, a recogniser that knows their kind is surer.
SURE = 0.95
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
    """What an encoder says: a type, offsets in characters, a score from 0 to 1, and where each of
    its words starts and that word's score, if it tells them apart."""

    @property
    def type(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def score(self) -> float: ...
    @property
    def words(self) -> Sequence[tuple[int, float]]: ...


class Encoder(Protocol):
    """A model of names. Thresholds are its own: whatever it returns is redacted."""

    def find(self, texts: Sequence[str]) -> Sequence[Sequence[Span]]:
        """The names in each text, whatever the other texts are."""
        ...


class NameModel(TokenRecognizer):
    """People, places, organisations and the numbers that point at somebody: what the encoder
    notices and the judge, if there is one, takes for a name."""

    KINDS = (Kind.PERSON, Kind.LOCATION, Kind.ORGANISATION, Kind.REFERENCE)

    def __init__(self, encoder: Encoder, judge: Judge | None = None) -> None:
        super().__init__()
        self._encoder, self._judge = encoder, judge

    @classmethod
    def shipped(cls, folder: Path = HERE) -> NameModel:
        """The model in ``folder``. Raises ``DamagedModelError`` where it is not as released."""
        return cls(NameEncoder.load(folder).at(NOTICED), Judge.load(folder))

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[Finding]:
        """Names in one text by itself, which the encoder reads whatever it holds."""
        (spans,) = self._encoder.find([text])
        yield from names(self._noticed(spans, text, tokens), {})

    def notice(
        self, texts: Sequence[str], tokens: Sequence[Sequence[Token]]
    ) -> list[list[Noticed]]:
        """What may be a name in each of many texts, in their order, each by itself."""
        noticed: list[list[Noticed]] = [[] for _ in texts]
        asked = [i for i, words in enumerate(tokens) if holds_candidate(words)]
        if asked:
            read = self._encoder.find([texts[i] for i in asked])
            for i, spans in zip(asked, read, strict=True):
                noticed[i] = self._noticed(spans, texts[i], tokens[i])
        return noticed

    def _noticed(self, spans: Sequence[Span], text: str, tokens: Sequence[Token]) -> list[Noticed]:
        found = [one for span in spans if (one := _found(span, text, tokens))]
        if self._judge is None:
            return [Noticed(one.finding, place(one.inside, tokens)) for one in found]
        return self._judge.notice(found, tokens)


def _found(span: Span, text: str, tokens: Sequence[Token]) -> Found | None:
    """What is left of the span by the job's own words."""
    inside = [t for t in tokens if t.start < span.end and span.start < t.end]
    while inside and inside[0].low in RANK_WORDS:
        inside = inside[1:]
    if not inside or not _may_count(span, inside, text):
        return None
    sure = span.type == Kind.PERSON and span.score >= SURE
    score = max(THRESHOLD, span.score if sure else min(span.score, CONFIDENT - 0.01))
    finding = Finding(max(span.start, inside[0].start), span.end, Kind(span.type), score)
    return Found(finding, inside, _scores(span, inside))


def _scores(span: Span, inside: Sequence[Token]) -> dict[int, float]:
    """The score of each of the words ``inside``: that of the encoder's word in which it starts."""
    starts = [start for start, _ in span.words]
    at = {token.start: bisect_right(starts, token.start) for token in inside}
    return {start: span.words[n - 1][1] if n else span.score for start, n in at.items()}


def _may_count(span: Span, inside: Sequence[Token], text: str) -> bool:
    """Whether the job's own words leave it open that ``inside`` is a name."""
    if len(inside) == 1 and _too_short(inside[0], span):
        return False
    if len(inside) < 3 and _says_which(inside[-1], text):
        return False
    if not holds_candidate(inside):
        return False
    if span.type == Kind.REFERENCE:
        return _may_be_a_reference(inside, text)
    # ``11 tomorra``: a number of what is no name
    return holds_candidate([t for t in inside if any(c.isalpha() for c in t.low)])


def _may_be_a_reference(inside: Sequence[Token], text: str) -> bool:
    """A number or code. A lone digit counts something; a section or a form is the law's or the
    office's."""
    telling = any(_numeric(token) or token.capital or len(token) > 3 for token in inside)
    if not telling and len(inside) < SPELT:
        return False
    first = inside[0]
    if _FORM.fullmatch(text[first.start : inside[-1].end].lower()):
        return False
    if len(inside) == 2 and first.low in _OPENS_A_TIME and CLOCK.fullmatch(inside[1].low):
        return False
    return len(inside) > 1 or not _says_when(first, text)


def _says_when(number: Token, text: str) -> bool:
    """A time of day, a year or a section, by what stands before it."""
    if CLOCK.fullmatch(number.low) and _BEFORE_A_TIME.search(text, 0, number.start):
        return True
    if _YEAR.fullmatch(number.low) and _BEFORE_A_YEAR.search(text, 0, number.start):
        return True
    return _SECTION.search(text, 0, number.start) is not None


def _too_short(token: Token, span: Span) -> bool:
    """One letter is somebody's initial where it is a capital amid a sentence and surely a name."""
    initial = token.capital and not token.opens and span.score >= SURE
    return len(token) == 1 and not initial


def _says_which(token: Token, text: str) -> bool:
    """A letter for one of several things: ``coach C``."""
    return len(token) == 1 and _LETTERED.search(text, 0, token.start) is not None


def _numeric(token: Token) -> bool:
    return len(token) > 1 and any(c.isdigit() for c in token.text)
