"""Places of England, Wales and Scotland, by the gazetteer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.lexicon import lexicon, words
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.names import base
from pipelines.deidentify.text import Token

_WHERE = words(
    """in at to from near around via into outside towards toward over round across through past
    of leaving heading covering live lives lived living visiting posted moved"""
)
_VOWELS = frozenset("aeiouy")
_AT = words("in at near around outside via towards from")
# Old English and Norse elements that end a great many British place names.
_ENDINGS = (
    "bury", "borough", "burgh", "ham", "ton", "ley", "leigh", "ford", "field", "wick", "wich",
    "worth", "thorpe", "by", "dale", "gate", "stead", "stoke", "hurst", "combe", "coombe", "mere",
    "moor", "mouth", "pool", "port", "chester", "caster", "cester", "holme", "holm", "shire",
    "wood", "bridge", "beck", "cliffe", "cliff", "hill", "ness", "well", "dean", "den",
    "don", "minster",
    "church", "cross", "bourne", "brook", "water", "sea", "end", "green", "heath", "marsh", "head",
)  # fmt: skip
_SURE_ENDINGS = (
    "thorpe", "field", "hurst", "stead", "combe", "worth", "borough", "bury", "chester", "minster",
    "moor", "mere", "dale", "gate", "wick", "beck", "bourne", "mouth", "bridge", "mill", "wold",
)  # fmt: skip
_LONGEST = 5  # words in a place's name


class Places(TokenRecognizer):
    """Neighbourhoods, towns, districts and constituencies. One that is also a word or a name
    (``Reading``, ``Hope``, ``Sale``) counts with a capital after a word such as ``in``."""

    KINDS = (Kind.LOCATION,)

    def __init__(self) -> None:
        super().__init__()
        self._words = lexicon()
        self._starts = frozenset(place.split()[0].rstrip(",") for place in self._words.places)

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[Finding]:
        """The longest place at each position."""
        index = 0
        while index < len(tokens):
            length = self._longest(tokens, index) if base(tokens[index]) in self._starts else 0
            score = self._score(text, tokens, index, length) if length else 0
            if not score:
                length, score = 1, self._unlisted(tokens, index)
            if score:
                last = tokens[index + length - 1]
                end = last.end - 2 if last.low.endswith("'s") else last.end
                yield Finding(tokens[index].start, end, Kind.LOCATION, score)
            index += length

    def _longest(self, tokens: Sequence[Token], index: int) -> int:
        for length in range(min(_LONGEST, len(tokens) - index), 0, -1):
            name = " ".join(token.low for token in tokens[index : index + length - 1])
            name = f"{name} {base(tokens[index + length - 1])}".strip()
            if name in self._words.places:
                return length
        return 0

    def _score(self, text: str, tokens: Sequence[Token], index: int, length: int) -> float:
        words = [base(token) for token in tokens[index : index + length]]
        capital = all(
            token.capital or token.low in {"and", "on", "upon", "of", "the", "le", "by", "in"}
            for token in tokens[index : index + length]
        )
        plain = any(not _doubtful(word) for word in words)
        after_where = index > 0 and tokens[index - 1].low in _WHERE
        if plain:
            return 0.75
        if length > 1:
            return 0.65 if capital else 0
        return 0.6 if capital and after_where else 0

    def _unlisted(self, tokens: Sequence[Token], index: int) -> float:
        """A word in no list that is built like an English place, or stands where places do."""
        token = tokens[index]
        low = base(token)
        if not _in_no_list(low):
            return 0
        after_where = index > 0 and not token.opens and tokens[index - 1].low in _WHERE
        built = len(low) > 5 and low.endswith(_ENDINGS)
        inside = token.capital and not token.opens and not token.text.isupper()
        if built and (after_where or inside or (len(low) > 6 and low.endswith(_SURE_ENDINGS))):
            return 0.66
        placed = after_where and tokens[index - 1].low in _AT
        if placed and inside:
            return 0.55
        return 0.45 if placed and not token.capital and set(low) & _VOWELS else 0


@lru_cache(maxsize=65536)
def _in_no_list(low: str) -> bool:
    """A word long enough to be a place, of which no list says that it is anything else."""
    listed = _doubtful(low) or low in lexicon().proper
    return len(low) >= 5 and low.isalpha() and not listed


def _doubtful(word: str) -> bool:
    """An ordinary word or somebody's name too."""
    known = lexicon()
    return (
        known.ordinary(word) or word in known.forenames or word in known.surnames or len(word) < 4
    )
