"""Which words could be a name, or a number that points at somebody. Pure functions of a word and
its capital.

A text without such a word has no names for the name model, which is not shown it
(recognisers/name_model.py). In doubt a word is a candidate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipelines.deidentify.lexicon import lexicon, words
from pipelines.deidentify.recognisers.ranks import RANK_WORDS
from pipelines.deidentify.text import Token, tokenise

# One digit, an ordinal, a time of day: 4, 12th, 7am. More digits could be somebody's number.
_FIGURE = re.compile(r"\d|\d+(?:st|nd|rd|th|am|pm)")
INITIALS, SPELT = 2, 3  # letters or digits one by one that may be somebody's
# Capitals that say nothing: English writes the first person with one, and chat puts x after all.
_CAPITAL_ANYWAY = words("i i'm i've i'd i'll im ive id a x xx xxx ok")


def holds_candidate(tokens: Sequence[Token]) -> bool:
    """Whether any of ``tokens`` could be a name or part of one, or some together are a listed
    place, initials or something spelt out."""
    return any(map(could_be_name, tokens)) or _holds_common_place(tokens) or _holds_spelt(tokens)


def could_be_name(token: Token) -> bool:
    """False for a digit, an ordinal or hour, a word of the job, and one of the language's commonest
    words in small letters (or with the capital that opens a sentence) that no list has as
    anybody's name."""
    return _could_be_name(token.low, token.capital and not token.opens)


@lru_cache(maxsize=65536)
def _could_be_name(low: str, inner_capital: bool) -> bool:
    if low in _settled():
        return inner_capital and low not in _whatever_its_capital()
    return _FIGURE.fullmatch(low) is None and (inner_capital or not _made_of_settled(low))


def _made_of_settled(low: str) -> bool:
    """``car's``, ``back-to-back``: of nothing but such words."""
    return all(part in _settled() or _FIGURE.fullmatch(part) for part in base(low).split("-"))


def _holds_common_place(tokens: Sequence[Token]) -> bool:
    """``old street``, ``land's end``: gazetteer places of nothing but the commonest words."""
    for index, token in enumerate(tokens):
        for place in _common_places().get(token.low, ()):
            *before, last = (t.low for t in tokens[index : index + len(place)])
            if (*before, last) == place or (*before, base(last)) == place:
                return True
    return False


def _holds_spelt(tokens: Sequence[Token]) -> bool:
    """Letters or digits one by one: ``1 0 4 4``, ``J U N``, the initials ``T.W.``"""
    run = capitals = end = 0
    for token in tokens:
        if len(token) > 1:
            run = capitals = 0
            continue
        adjoins = token.start == end + 1
        run = run + 1 if adjoins else 1
        capitals = (capitals + 1 if adjoins else 1) if token.capital else 0
        if run == SPELT or capitals == INITIALS:
            return True
        end = token.end
    return False


def base(low: str) -> str:
    """``low`` without what says that something is somebody's."""
    return low.removesuffix("'s")


@lru_cache(maxsize=1)
def _settled() -> frozenset[str]:
    """Words that are no name in small letters."""
    lists = lexicon()
    doubtful = lists.forenames | lists.word_names | lists.surnames | lists.places
    doubtful = doubtful | lists.kin.keys() | frozenset().union(*lists.kin.values())
    common = {word for word in lists.frequent if base(word) not in doubtful} | lists.never_names
    letters = frozenset("abcdefghijklmnopqrstuvwxyz")  # an initial is the judge's
    return letters | common | _whatever_its_capital()


@lru_cache(maxsize=1)
def _common_places() -> dict[str, list[tuple[str, ...]]]:
    """Places of several words none of which is a candidate, by their first word."""
    places: dict[str, list[tuple[str, ...]]] = {}
    for place in lexicon().places:
        if any(word.isalpha() and word not in _settled() for word in place.split()):
            continue  # as nearly all have: not worth being tokenised
        tokens = tokenise(place)
        if len(tokens) > 1 and not any(map(could_be_name, tokens)):
            places.setdefault(tokens[0].low, []).append(tuple(token.low for token in tokens))
    return places


@lru_cache(maxsize=1)
def _whatever_its_capital() -> frozenset[str]:
    """Words of the job, of which the lists say that they never are a name by themselves."""
    return lexicon().police | RANK_WORDS | _CAPITAL_ANYWAY
