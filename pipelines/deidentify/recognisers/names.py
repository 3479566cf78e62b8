"""People by the gazetteer: known forenames, what follows them, and what ranks announce."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.lexicon import Lexicon, lexicon
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.evidence import (
    addressed,
    done_to,
    names_a_person,
    says_nothing,
)
from pipelines.deidentify.recognisers.ranks import NAMING_RANKS, RANK_WORDS, TITLES
from pipelines.deidentify.text import Token

SURE = 0.9  # a known forename with a surname, or a rank with a known name
LIKELY = 0.85  # a known forename alone
EVIDENCED = 0.7  # an ordinary word used as a name
UNKNOWN = 0.5  # a capitalised word no list knows: a name more often than not
_JOIN = {" ", "-", " - ", ". ", "."}
_VOWELS = frozenset("aeiouy")
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "van",
        "von",
        "der",
        "den",
        "el",
        "al",
        "bin",
        "ibn",
        "o",
        "mac",
        "mc",
        "st",
        "la",
        "le",
        "di",
        "du",
        "ap",
    ]
)


class Names(TokenRecognizer):
    """``dave``, ``Sharon Okafor``, ``sgt khan``, ``mrs patel``, ``T/Insp O'Neill``, ``J Smith``.

    A forename that is an ordinary word (``Mark``, ``Grace``) counts with evidence only; so does
    a word in no list at all, for which a capital inside a sentence is enough.
    """

    def __init__(self) -> None:
        super().__init__()
        self._words: Lexicon = lexicon()

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[Finding]:
        """Spans of people's names, forename and surname together."""
        index = 0
        while index < len(tokens):
            score = self._starts_name(text, tokens, index)
            if not score:
                index += 1
                continue
            last = self._extend(text, tokens, index)
            yield Finding(
                tokens[index].start,
                _name_end(tokens[last]),
                Kind.PERSON,
                _raised(score, index, last),
            )
            index = last + 1

    def _starts_name(self, text: str, tokens: Sequence[Token], index: int) -> float:
        """How sure it is that a name starts at ``index``; 0 if none does."""
        token = tokens[index]
        low = base(token)
        if len(low) < 2 and not _initial(text, token):
            return 0
        words = self._words
        before = tokens[index - 1] if index else None
        if before and self._announced(text, before, token):
            return SURE
        if low in words.police or low in RANK_WORDS or low in TITLES:
            return 0
        if low in words.forenames and not (low in words.common and not token.capital):
            return LIKELY
        if _initial(text, token):
            return EVIDENCED if self._surname_after(text, tokens, index) else 0
        if low in words.word_names:
            return self._word_name(text, tokens, index)
        if low in words.surnames:
            return self._lone_surname(text, tokens, index)
        return self._unknown(text, tokens, index)

    def _announced(self, text: str, before: Token, token: Token) -> bool:
        """A rank or title stands before a word that is not an ordinary one."""
        gap = text[before.end : token.start]
        if gap not in {" ", ". ", ".", "  "}:
            return False
        low = base(token)
        if before.low not in NAMING_RANKS and before.low not in TITLES:
            return False
        if low in self._words.police or low in RANK_WORDS or low in TITLES or low[0].isdigit():
            return False
        plain = not self._words.ordinary(low) and low not in self._words.places and len(low) > 3
        if before.low in TITLES_NEEDING_CAPITAL and not (token.capital or plain):
            return False
        if token.capital and not token.text.isupper():
            return True
        return low not in self._words.common or low in _SURNAME_FIRST

    def _word_name(self, text: str, tokens: Sequence[Token], index: int) -> float:
        token = tokens[index]
        if token.capital and self._surname_after(text, tokens, index):
            return SURE
        if not token.capital and self._plain_surname_after(text, tokens, index):
            return EVIDENCED
        return EVIDENCED if names_a_person(tokens, index, text) else 0

    def _lone_surname(self, text: str, tokens: Sequence[Token], index: int) -> float:
        token = tokens[index]
        low = base(token)
        ordinary = self._words.ordinary(low) or low in self._words.places
        if not ordinary and (token.capital or len(low) > 3):
            return EVIDENCED
        return 0

    def _unknown(self, text: str, tokens: Sequence[Token], index: int) -> float:
        token = tokens[index]
        low = base(token)
        words = self._words
        if len(low) < 3 or not low.replace("-", "").replace("'", "").isalpha():
            return 0
        if low in words.police or low in words.frequent or low in words.proper or low in NOT_NAMES:
            return 0
        if words.ordinary(low):
            return UNKNOWN if token.capital and addressed(tokens, index, text) else 0
        if low in words.places:
            return 0
        if low.endswith("s") and words.ordinary(low[:-1]) or _joined_from_words(low, words):
            return 0
        if addressed(tokens, index, text):
            return UNKNOWN
        if not token.capital and len(low) > 3 and set(low) & _VOWELS:
            return UNKNOWN if done_to(tokens, index) else 0
        if (
            not token.capital
            or says_nothing(token, text)
            or token.text[1:].upper() == token.text[1:]
        ):
            return 0
        return UNKNOWN if not token.opens or names_a_person(tokens, index, text) else 0

    def _surname_after(self, text: str, tokens: Sequence[Token], index: int) -> bool:
        if index + 1 >= len(tokens):
            return False
        token, following = tokens[index], tokens[index + 1]
        if text[token.end : following.start] not in _JOIN:
            return False
        low = base(following)
        return (
            following.capital
            and not following.text.isupper()
            and (low in self._words.surnames or not self._words.ordinary(low))
        )

    def _plain_surname_after(self, text: str, tokens: Sequence[Token], index: int) -> bool:
        """``rob dunmore``: in small letters the next word must be no ordinary one."""
        if index + 1 >= len(tokens) or text[tokens[index].end : tokens[index + 1].start] != " ":
            return False
        low = base(tokens[index + 1])
        doubtful = self._words.ordinary(low) or low in self._words.proper or not low.isalpha()
        return not doubtful and len(low) > 3 and not low.endswith("in")

    def _extend(self, text: str, tokens: Sequence[Token], index: int) -> int:
        """The index of the last token of the name that starts at ``index``."""
        last = index
        while last + 1 < len(tokens) and last - index < 4:
            token, following = tokens[last], tokens[last + 1]
            if text[token.end : following.start] not in _JOIN or token.low.endswith("'s"):
                break
            if not self._continues(text, tokens, last + 1):
                break
            last += 1
        return last

    def _continues(self, text: str, tokens: Sequence[Token], index: int) -> bool:
        token = tokens[index]
        low = base(token)
        words = self._words
        if low in words.police or low in RANK_WORDS or low[0].isdigit():
            return False
        if low in _PARTICLES and index + 1 < len(tokens) and tokens[index + 1].capital:
            return True
        if _initial(text, token):
            return True
        if token.capital and not token.opens:
            shouted = token.text.isupper() and len(low) > 2
            known = low in words.surnames or low in words.forenames
            return known or not (shouted or low in words.common)
        if low in words.common or low in words.word_names:
            return False
        return low in words.surnames or low in words.forenames


TITLES_NEEDING_CAPITAL = frozenset(
    [
        "ms",
        "miss",
        "sister",
        "father",
        "master",
        "coach",
        "judge",
        "lord",
        "lady",
        "dame",
        "uncle",
        "aunt",
        "nurse",
        "matron",
        "mp",
        "fr",
        "recorder",
        "officer",
        "constable",
        "commissioner",
        "commander",
        "ds",
        "di",
        "ps",
        "det",
        "cons",
    ]
)
# What people are called by who are not named: ``cheers fella``.
NOT_NAMES = frozenset(
    "all mate mates lads lad lass lasses guys guy folks everyone everybody both fella fellas bud pal "
    "hun hon babe babes love duck duckie chuck petal flower sweetheart darling gents ladies ladz "
    "peeps team troops chaps chap bruv bro blud fam dude dudes geez geezer boyo butt butty marra "
    "pet kid kidda kiddo cocker cock mucker matey again muchly bigly tho though anyway lots heaps "
    "sunshine treacle champ chief legend legends hero heroes star stars vicar m8 buddy tomorrow "
    "yes yep yeah nope haha hahaha lol lmao xx xxx ok okay cheers thanks bye night nights".split()
)
_SURNAME_FIRST = frozenset(
    [
        "brown",
        "green",
        "white",
        "black",
        "gray",
        "grey",
        "young",
        "king",
        "wood",
        "woods",
        "cook",
        "baker",
        "price",
        "long",
        "bell",
        "hill",
        "hall",
        "ward",
        "west",
        "moore",
        "knight",
        "page",
        "stone",
        "rose",
        "fox",
        "lane",
        "park",
        "parks",
        "wells",
        "rice",
        "ford",
        "cross",
        "bird",
        "mills",
        "banks",
        "marsh",
        "frost",
        "sharp",
        "small",
        "short",
        "little",
        "grant",
        "cole",
        "jordan",
        "hunt",
        "hunter",
        "fisher",
        "farmer",
        "wolf",
        "bond",
        "rich",
        "church",
        "carter",
        "mason",
        "power",
        "love",
        "field",
        "fields",
        "lamb",
        "steel",
        "bush",
        "storm",
        "payne",
        "swift",
    ]
)


def _joined_from_words(word: str, words: Lexicon) -> bool:
    """``co-op``, ``off-duty``: parts that are all ordinary, or an elided form such as ``it'd``."""
    if "'" in word:
        return words.ordinary(word.split("'")[0])
    return "-" in word and all(words.ordinary(part) for part in word.split("-") if part)


def base(token: Token) -> str:
    """The token's lower case without a possessive."""
    return token.low[:-2] if token.low.endswith("'s") else token.low


def _name_end(token: Token) -> int:
    return token.end - 2 if token.low.endswith("'s") else token.end


def _initial(text: str, token: Token) -> bool:
    return len(token.text) == 1 and token.text.isupper() and token.text not in "IAX"


def _raised(score: float, first: int, last: int) -> float:
    return max(score, SURE) if last > first else score
