"""What shows that a word, ordinary in itself, is somebody's name here. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipelines.deidentify.recognisers.ranks import NAMING_RANKS, TITLES
from pipelines.deidentify.text import Token

_GREETINGS = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "heya",
        "hiya",
        "alright",
        "ayup",
        "cheers",
        "thanks",
        "thank",
        "ta",
        "thx",
        "ty",
        "morning",
        "afternoon",
        "evening",
        "night",
        "nice",
        "welcome",
        "congrats",
        "congratulations",
        "bye",
        "soz",
        "sorry",
        "yes",
        "no",
        "oi",
        "yo",
        "oh",
        "well",
        "please",
        "dear",
        "love",
        "happy",
        "mate",
        "bro",
        "hun",
        "pal",
        "buddy",
        "big",
        "lil",
        "poor",
        "our",
        "good",
    ]
)
_BEFORE_A_PERSON = frozenset(
    [
        "with",
        "from",
        "to",
        "by",
        "for",
        "ask",
        "tell",
        "told",
        "asked",
        "and",
        "or",
        "&",
        "than",
        "like",
        "miss",
        "seen",
        "saw",
        "ring",
        "phone",
        "text",
        "call",
        "message",
        "is",
        "was",
        "called",
        "named",
        "name's",
        "between",
        "about",
        "at",
        "see",
        "meet",
        "met",
        "told",
        "tells",
        "relieve",
        "cover",
        "covering",
        "sarge",
        "sgt",
        "against",
        "off",
        "give",
        "gave",
        "giving",
        "let",
        "lets",
        "when",
        "if",
        "because",
        "cos",
        "did",
        "does",
        "has",
        "where's",
        "who's",
        "poor",
        "our",
        "did",
        "has",
        "aint",
        "thats",
        "that's",
        "got",
        "owes",
        "owe",
        "cc",
        "fao",
        "re",
        "via",
        "plus",
        "vs",
        "says",
    ]
)
_OF_A_PERSON = frozenset(
    [
        "is",
        "was",
        "has",
        "had",
        "will",
        "said",
        "says",
        "told",
        "did",
        "does",
        "can",
        "can't",
        "cant",
        "won't",
        "wont",
        "knows",
        "knew",
        "thinks",
        "wants",
        "wanted",
        "needs",
        "got",
        "gets",
        "went",
        "goes",
        "came",
        "comes",
        "asked",
        "asks",
        "called",
        "rang",
        "rings",
        "text",
        "texted",
        "sent",
        "reckons",
        "loves",
        "hates",
        "never",
        "always",
        "just",
        "and",
        "&",
        "isn't",
        "isnt",
        "wasn't",
        "hasn't",
        "doesn't",
        "didn't",
        "didnt",
        "doesnt",
        "could",
        "would",
        "should",
        "might",
        "mentioned",
        "left",
        "gave",
        "looks",
        "looked",
        "put",
        "passed",
    ]
)
_SETTLED = frozenset(
    ["you", "we", "they", "i", "he", "she", "it", "there", "the", "a", "this", "that"]
)


def names_a_person(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether the words around ``tokens[index]`` show it to be a name.

    A capital inside a sentence, or at its start before a verb people are the subject of; a rank
    or title before it; a greeting before or a comma round it (a vocative); ``'s`` after it.
    """
    token = tokens[index]
    before = tokens[index - 1].low if index else ""
    after = tokens[index + 1].low if index + 1 < len(tokens) else ""
    if before in NAMING_RANKS or before in TITLES:
        return True
    if token.text.isupper() and len(token.text) > 1 and _shouting(text):
        return _vocative(tokens, index, text, before)
    if token.capital:
        if not token.opens:
            return True
        if after in _OF_A_PERSON and not _question(tokens, index):
            return True
    return _vocative(tokens, index, text, before)


def _vocative(tokens: Sequence[Token], index: int, text: str, before: str) -> bool:
    """``cheers mark``, ``mark, can you``, ``ok then will?``: addressed by name."""
    token = tokens[index]
    previous_end = tokens[index - 1].end if index else 0
    touching = text[previous_end : token.start].strip() == ""
    last = index + 1 == len(tokens) or tokens[index + 1].opens
    comma = text[token.end : token.end + 1] == ","
    if before in _STRICT_GREETINGS and touching and (last or comma):
        return True
    if index == 0 and comma and (token.capital or (len(tokens) > 2 and tokens[1].low in _ADDRESS)):
        return True
    return text[token.end : token.end + 2] == "'s" and token.capital


_STRICT_GREETINGS = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "heya",
        "hiya",
        "alright",
        "ayup",
        "cheers",
        "thanks",
        "ta",
        "thx",
        "morning",
        "afternoon",
        "evening",
        "night",
        "congrats",
        "congratulations",
        "bye",
        "sorry",
        "soz",
    ]
)
_ADDRESS = frozenset(
    [
        "can",
        "you",
        "are",
        "have",
        "did",
        "do",
        "could",
        "would",
        "will",
        "what",
        "where",
        "when",
        "any",
        "is",
    ]
)


def _question(tokens: Sequence[Token], index: int) -> bool:
    """``Will you``, ``May I``: the verb, not the name."""
    after = tokens[index + 1].low if index + 1 < len(tokens) else ""
    return after in _SETTLED


@lru_cache(maxsize=4096)
def _shouting(text: str) -> bool:
    """Written in capitals throughout, so that a capital says nothing."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.8 * len(letters)
