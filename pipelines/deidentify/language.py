"""Which messages of a chat are not English, by message, author and chat together.

A short message says little of its language, so it is judged with what its author and their chat
write otherwise: ``shukran`` from somebody who writes English stays English, ``tak`` from somebody
who writes Polish does not. Evidence is added up in natural log-odds; above 0 a message is not
English. Words are looked up first, which decides nearly everything; py3langid is asked only
where the words leave doubt. docs/languages.md has the rule in prose and what it gets wrong.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import py3langid
import regex  # type: ignore[import-untyped]

from pipelines.deidentify.lexicon import DATA, lexicon
from pipelines.deidentify.text import Token

# Log-odds of a word in another language against English, rounded towards 0 from the counts in
# tests/data/languages/dev (whose words are not independent, as adding them up would want).
ENGLISH = -2.5
DICTIONARY = -1.5  # in the dictionary, but not common
SHORT_DICTIONARY = -0.5  # letters enough to be a word of many languages
SHORT = 4  # letters at most
UNKNOWN = 2.0
UNKNOWN_CAPITAL = 0.5  # inside a sentence: a name, more likely
OTHER_FUNCTION_WORD = 3.5
DICTIONARY_FUNCTION_WORD = 2.0  # ``tak`` and ``hai`` are in large English word lists
ANOTHER_SCRIPT = 15.0  # more letters in another script than in Latin: beyond any prior

CLEAR_WORDS = 3  # words that say anything: a message with fewer goes with its author
CLEAR = 5.0  # a message this sure speaks for its author; short ones do so together

# Before anything is read: 1 message in 150 is not English.
OTHERS, ENGLISHES = 0.01, 1.5
CHAT_WEIGHT = 2.0  # messages of their own after which an author counts for more than their chat
MOST_PRIOR = 6.0
FIRST = 0.25  # what the first of them counts: one message does not make somebody's language

# The library is asked where the words leave doubt and there are letters enough: below that it
# guesses ("cheers mate" is Afrikaans to it). Its scores are divided by the square root of the
# bytes, as it does itself where probabilities are wanted, and capped: it knows no chat.
DOUBT = 6.0
LIBRARY_LETTERS = 20
LIBRARY_MOST = 4.0
LIBRARY_ENGLISH = frozenset({"en", "pcm"})  # pcm is Nigerian Pidgin, what it takes slang for

_NOISE = regex.compile(r"(.)\1\1|^(?=.{4})(.)\2*(.)(?:\2|\3)*$")  # looool, hahaha, xoxo
_LINK = regex.compile(r"(?<!\S)\S*(?:://|www\.|@)\S*")  # anchored: else a blob costs its square
OTHER_LETTER = regex.compile(r"[^\P{L}\p{Latin}\p{Common}\p{Inherited}]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one text says: ``score`` in log-odds, from ``words`` words that say anything."""

    score: float
    words: int

    @property
    def short(self) -> bool:
        """Too short to be judged by itself."""
        return self.words < CLEAR_WORDS


NOTHING = Evidence(0.0, 0)


@dataclass(slots=True)
class _Share:
    """What an author or a chat writes, in messages: clear ones, and short ones taken together."""

    clear_other: int = 0
    clear_english: int = 0
    short_score: float = 0.0
    short_words: int = 0

    def add(self, evidence: Evidence) -> None:
        if evidence.short:
            self.short_score += evidence.score
            self.short_words += evidence.words
        elif evidence.score >= CLEAR:
            self.clear_other += 1
        elif evidence.score <= -CLEAR:
            self.clear_english += 1

    @property
    def other(self) -> float:
        """Messages not in English; the first counts ``FIRST``."""
        found = self.clear_other + max(0.0, self._shorts())
        return max(FIRST * min(1.0, found), found - 1 + FIRST)

    @property
    def english(self) -> float:
        return self.clear_english + max(0.0, -self._shorts())

    def _shorts(self) -> float:
        return self.short_score / CLEAR if self.short_words >= CLEAR_WORDS else 0.0


def read_evidence(text: str, tokens: Sequence[Token], names: frozenset[str]) -> Evidence:
    """Evidence of a folded text; ``names`` (lower case) are the chat's own and say nothing."""
    if not text.isascii():
        other = len(OTHER_LETTER.findall(text))
        if other > 1 and 2 * other > sum(map(str.isalpha, text)):
            return Evidence(ANOTHER_SCRIPT, CLEAR_WORDS)
    words = [token for token in tokens if token.low not in names]
    if "://" in text or "www." in text or "@" in text:
        links = [found.span() for found in _LINK.finditer(text)]
        words = [w for w in words if not any(start <= w.start < end for start, end in links)]
    weights = [_weight(word.low, word.capital and not word.opens) for word in words]
    score, telling = sum(weights), sum(map(bool, weights))
    if abs(score) < DOUBT and telling and sum(map(str.isalpha, text)) >= LIBRARY_LETTERS:
        score += _library(text)
    return Evidence(score, telling)


def not_english(said: Sequence[tuple[Hashable | None, Evidence]]) -> list[bool]:
    """For each message of one chat, (author, evidence) in any order: is it not English?

    A message of fewer than ``CLEAR_WORDS`` words that say anything goes with its author. Lines by
    nobody (author ``None``) are judged with the chat and speak for no one.
    """
    chat, authors = _Share(), defaultdict[Hashable, _Share](_Share)
    for author, evidence in said:
        if author is not None:
            chat.add(evidence)
            authors[author].add(evidence)
    priors = {author: _prior(authors[author], chat) for author, _ in said}
    return [
        priors[author] + (0.0 if evidence.short else evidence.score) > 0
        for author, evidence in said
    ]


def _prior(author: _Share, chat: _Share) -> float:
    """Log-odds that a message is not English, from what its author and their chat write."""
    usual = (chat.other + OTHERS) / (chat.other + chat.english + OTHERS + ENGLISHES)
    odds = (author.other + CHAT_WEIGHT * usual) / (author.english + CHAT_WEIGHT * (1 - usual))
    return max(-MOST_PRIOR, min(MOST_PRIOR, math.log(odds)))


def _library(text: str) -> float:
    """Log-odds by py3langid that ``text`` is not English."""
    scores = py3langid.rank(text)
    english = max(score for code, score in scores if code in LIBRARY_ENGLISH)
    other = max(score for code, score in scores if code not in LIBRARY_ENGLISH)
    margin = (other - english) / math.sqrt(len(text.encode()))
    return float(max(-LIBRARY_MOST, min(LIBRARY_MOST, margin)))


@lru_cache(maxsize=65536)
def _weight(low: str, inner_capital: bool) -> float:
    known, written = lexicon(), _small_words()
    if not low.isascii() or any(c.isdigit() for c in low) or _NOISE.search(low):
        return 0.0
    english = low in known.frequent or low in known.police or low in written.chat
    if low in written.everybodys:
        return 0.0
    if low in written.others:
        if english:
            return 0.0
        return DICTIONARY_FUNCTION_WORD if low in known.common else OTHER_FUNCTION_WORD
    if english:
        return ENGLISH
    if low in known.common:
        return SHORT_DICTIONARY if len(low) <= SHORT else DICTIONARY
    if low in known.forenames or low in known.surnames or low in known.places:
        return 0.0
    return UNKNOWN_CAPITAL if inner_capital else UNKNOWN


@dataclass(frozen=True, slots=True)
class _SmallWords:
    """``chat`` is English as chat writes it, ``everybodys`` words are in every chat, ``others``
    are small words of other languages."""

    chat: frozenset[str]
    everybodys: frozenset[str]
    others: frozenset[str]


@lru_cache(maxsize=1)
def _small_words() -> _SmallWords:
    chat = " ".join(lines_of("chat_words.txt"))
    by_language = dict(line.split(":") for line in lines_of("other_function_words.txt"))
    everybodys = by_language.pop("mul")
    others = " ".join(by_language.values())
    return _SmallWords(*(frozenset(words.split()) for words in (chat, everybodys, others)))


def lines_of(file: str) -> list[str]:
    """Lines of a list in ``data/``, without its comments."""
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]
