"""Names by the shipped encoder: what no list and no rule knows.

Read only where a word of the text could be a name at all; most chat holds nothing but the
commonest words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from pipelines.deidentify.entities import CONFIDENT, THRESHOLD, Finding, Kind
from pipelines.deidentify.lexicon import Lexicon, lexicon
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.ranks import RANK_WORDS
from pipelines.deidentify.text import Token

# What the model must give ordinary words (``hedge``, ``old diesel``), which it takes for nicknames.
ORDINARY = 0.97
# Sure enough to be looked for in the whole chat: above what the model gives most ordinary words.
SURE = 0.95


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
        self._place_words = frozenset(
            word for place in self._lists.places for word in place.split()
        )

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[Finding]:
        """Names in one text."""
        yield from self.find_many([text], [tokens])[0]

    def find_many(
        self, texts: Sequence[str], tokens: Sequence[Sequence[Token]]
    ) -> list[list[Finding]]:
        """Names in many texts, in their order: the same as one by one, in far less time."""
        found: list[list[Finding]] = [[] for _ in texts]
        open_ = [i for i in range(len(texts)) if self.could_name(tokens[i])]
        if open_:
            for i, spans in zip(open_, self._encoder.find([texts[i] for i in open_]), strict=True):
                found[i] = [f for span in spans if (f := self._finding(span, tokens[i]))]
        return found

    def could_name(self, tokens: Sequence[Token]) -> bool:
        """Whether any word is in a list of names or places, in no list at all, a number of two
        digits or more, or carries a capital that its place in the sentence does not explain."""
        return any(_open(token, self._lists, self._place_words) for token in tokens)

    def _finding(self, span: Span, tokens: Sequence[Token]) -> Finding | None:
        inside = [t for t in tokens if t.start < span.end and span.start < t.end]
        while inside and inside[0].low in RANK_WORDS:
            inside = inside[1:]
        if not inside or (len(inside) == 1 and len(inside[0]) == 1):
            return None
        if span.type == Kind.REFERENCE:
            return _reference(span, inside)
        if all(_explained(token, self._lists) for token in inside):
            return None
        if span.score < ORDINARY and all(_ordinary(token, self._lists) for token in inside):
            return None
        score = max(
            THRESHOLD, span.score if span.score >= SURE else min(span.score, CONFIDENT - 0.01)
        )
        return Finding(max(span.start, inside[0].start), span.end, Kind(span.type), score)


def _reference(span: Span, inside: Sequence[Token]) -> Finding | None:
    """A number or code; a lone digit counts something."""
    if not any(_numeric(token) or token.capital or len(token) > 3 for token in inside):
        return None
    score = max(THRESHOLD, min(span.score, CONFIDENT - 0.01))
    return Finding(max(span.start, inside[0].start), span.end, Kind.REFERENCE, score)


def _numeric(token: Token) -> bool:
    return len(token) > 1 and any(c.isdigit() for c in token.text)


def _open(token: Token, lists: Lexicon, place_words: frozenset[str]) -> bool:
    low = token.low
    if not low.isalpha():
        return not low.isdigit() or len(low) > 1
    if token.capital and not token.opens and low not in lists.police and len(low) > 1:
        return True
    if low in lists.frequent or low in lists.police:
        return low in lists.word_names or low in lists.surnames
    if low in lists.common:
        return low in lists.word_names or low in lists.surnames or low in place_words
    return len(low) > 1


def _ordinary(token: Token, lists: Lexicon) -> bool:
    """A dictionary word that is no name's, with no capital inside a sentence."""
    low = token.low
    if token.capital and not token.opens:
        return False
    listed = low in lists.word_names or low in lists.surnames or low in lists.forenames
    plural = low.endswith("s") and low[:-1] in lists.common
    return not listed and (low in lists.common or low in lists.proper or plural or len(low) < 3)


def _explained(token: Token, lists: Lexicon) -> bool:
    """A word of the job, a figure, or in small letters one of the commonest words."""
    low = token.low
    if low in lists.police or low in RANK_WORDS or not any(c.isalpha() for c in low):
        return True
    return not token.capital and low in lists.frequent and low not in lists.word_names
