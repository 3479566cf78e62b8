"""Names by the shipped encoder: what no list and no rule knows.

A text is shown to the encoder only where it holds a word that could be a name (candidates.py).
What the encoder finds there of other words, the commonest of the language, is left to the judge:
``dave is at top lock``. Without a judge, only what holds such a word counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from pipelines.deidentify.candidates import SPELT, could_be_name, holds_candidate
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
# Probability from which words that no list has as a name are looked at: the ``our`` of ``our
# denise``, ``top lock``.
COMMON = 0.05
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
    """A model of names. Thresholds are its own: without a judge, what it returns is redacted."""

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
        """Names in one text by itself."""
        yield from names(self.notice([text], [tokens])[0], {})

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
        found = [one for span in spans if (one := self._found(span, text, tokens))]
        if self._judge is None:
            return [Noticed(one.finding, place(one.inside, tokens)) for one in found]
        return self._judge.notice(found, tokens)

    def _found(self, span: Span, text: str, tokens: Sequence[Token]) -> Found | None:
        inside = _own_words(span, tokens)
        if not inside or _ruled_out(span, inside, text):
            return None
        could_be = _could_be_name(span, inside)
        if not could_be and not self._left_to_judge(span, inside[0], text):
            return None
        sure = could_be and span.type == Kind.PERSON and span.score >= SURE
        score = max(THRESHOLD, span.score if sure else min(span.score, CONFIDENT - 0.01))
        finding = Finding(max(span.start, inside[0].start), span.end, Kind(span.type), score)
        return Found(finding, inside, _scores(span, inside))

    def _left_to_judge(self, span: Span, first: Token, text: str) -> bool:
        """Whether words that no list has as a name are looked at; ``at 11 tomorra`` says when."""
        hour = span.type != Kind.REFERENCE and _is_an_hour(first, text)
        return self._judge is not None and span.score >= COMMON and not hour


def _own_words(span: Span, tokens: Sequence[Token]) -> list[Token]:
    """What is left of the span by the job's own words."""
    inside = [t for t in tokens if t.start < span.end and span.start < t.end]
    while inside and inside[0].low in RANK_WORDS:
        inside = inside[1:]
    return inside


def _scores(span: Span, inside: Sequence[Token]) -> dict[int, float]:
    """The score of each of the words ``inside``: that of the encoder's word in which it starts."""
    starts = [start for start, _ in span.words]
    at = {token.start: bisect_right(starts, token.start) for token in inside}
    return {start: span.words[n - 1][1] if n else span.score for start, n in at.items()}


def _could_be_name(span: Span, inside: Sequence[Token]) -> bool:
    """Whether the lists by themselves leave it open that ``inside`` is a name. One letter is not,
    a lone digit is not, nor a number beside what is no name: ``11 tomorra``."""
    if len(inside) == 1 and _too_short(inside[0], span):
        return False
    if span.type == Kind.REFERENCE:
        return holds_candidate(inside) and (len(inside) >= SPELT or any(map(_telling, inside)))
    return holds_candidate(inside) and holds_candidate([t for t in inside if _lettered(t)])


def _ruled_out(span: Span, inside: Sequence[Token], text: str) -> bool:
    """Whether the job's own words leave no doubt that ``inside`` is no name or part of one."""
    if len(inside) < 3 and _says_which(inside[-1], text):
        return True
    return span.type == Kind.REFERENCE and _counts_or_times(inside, text)


def _counts_or_times(inside: Sequence[Token], text: str) -> bool:
    """A time or year by itself, or a section or form of the law's or the office's."""
    first = inside[0]
    if _FORM.fullmatch(text[first.start : inside[-1].end].lower()):
        return True
    if len(inside) == 2 and first.low in _OPENS_A_TIME and CLOCK.fullmatch(inside[1].low):
        return True
    if len(inside) == 1:
        return _says_when(first, text)
    return _are_sections(inside, text)


def _are_sections(inside: Sequence[Token], text: str) -> bool:
    """``s.47 and two``: with the commonest words, and nothing that could be the rest of a code."""
    rest = [t for t in inside if _SECTION.search(text, 0, t.start) is None]
    ordinary = (t.low == "s" or (len(t) > 1 and not could_be_name(t)) for t in rest)
    return len(rest) < len(inside) and all(ordinary)


def _is_an_hour(token: Token, text: str) -> bool:
    return token.low.isdigit() and _BEFORE_A_TIME.search(text, 0, token.start) is not None


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


def _lettered(token: Token) -> bool:
    return any(c.isalpha() for c in token.low)


def _telling(token: Token) -> bool:
    """Longer than what counts something, or written as a name."""
    number = len(token) > 1 and any(c.isdigit() for c in token.text)
    return number or token.capital or len(token) > 3
