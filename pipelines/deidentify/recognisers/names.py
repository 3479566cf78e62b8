"""People by the gazetteer: known forenames, what follows them, and what ranks announce."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.lexicon import Lexicon, lexicon, words
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.evidence import (
    AFTER_A_NAME,
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
_CIVIL = words("mr mrs ms")
_PARTICLES = words("""de da van von der den el al bin ibn o mac mc st la le di du ap""")


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
            before = tokens[index - 1].low if index else ""
            if before not in _ANNOUNCING and _dull(tokens[index].text):
                index += 1
                continue
            score = self._starts_name(text, tokens, index)
            if not score:
                index += 1
                continue
            last = self._extend(text, tokens, index)
            yield Finding(
                self._start(text, tokens, index),
                _name_end(tokens[last]),
                Kind.PERSON,
                _raised(score, index, last),
            )
            index = last + 1

    def _start(self, text: str, tokens: Sequence[Token], index: int) -> int:
        """Where the name starts, a civil title included: ``Mrs`` adds nothing but a hint."""
        before = tokens[index - 1] if index else None
        gap = text[before.end : tokens[index].start] if before else ""
        if before and gap in _JOIN and before.low in TITLES:
            return before.start
        if before and gap in {". ", "."} and len(before.low) == 1 and before.low.isalpha():
            return before.start
        return tokens[index].start

    def _starts_name(self, text: str, tokens: Sequence[Token], index: int) -> float:
        """How sure it is that a name starts at ``index``; 0 if none does."""
        token = tokens[index]
        low = base(token)
        known = self._words
        before = tokens[index - 1] if index else None
        if len(low) < 2 and not _initial(text, token) and not (before and before.low in _CIVIL):
            return 0
        if before and self._announced(text, before, token):
            return SURE
        if low in known.police or low in RANK_WORDS or low in TITLES:
            return 0
        if low in known.forenames and not (low in known.common and not token.capital):
            return LIKELY
        if _initial(text, token):
            return EVIDENCED if self._surname_after(text, tokens, index) else 0
        if low in known.word_names:
            return self._word_name(text, tokens, index)
        if low in known.surnames:
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
        if "." in gap and before.low in WHOLE_TITLES:
            return False  # the end of a sentence: "the poor lady. Is she"
        if before.low == "coach" and len(token.text) == 1:
            return False  # of a train
        if before.low in TITLES and len(token.text) == 1 and token.text.isalpha():
            return token.text.isupper() or before.low in _CIVIL  # Mrs T, mr s
        if low in self._words.police or low in RANK_WORDS or low in TITLES or low[0].isdigit():
            return False
        plain = not self._words.ordinary(low) and low not in self._words.places
        plain = plain and (len(low) > 3 or low in self._words.surnames)
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
        if not token.capital or base(token) in self._words.frequent:
            return 0  # the name model's to say
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
        known = self._words
        if len(low) < 3 or not low.replace("-", "").replace("'", "").isalpha():
            return 0
        if low in known.police or low in known.frequent or low in known.proper or low in NOT_NAMES:
            return 0
        if known.ordinary(low):
            return UNKNOWN if token.capital and addressed(tokens, index, text) else 0
        if low in known.places:
            return 0
        if (low.endswith("s") and known.ordinary(low[:-1])) or _joined_from_words(low, known):
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
        return len(low) > 3 and not self._doubtful(low)

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
        known = self._words
        if low in _PARTICLES and index + 1 < len(tokens) and tokens[index + 1].capital:
            return True
        if low in known.police or low in RANK_WORDS or low[0].isdigit():
            return False
        if _initial(text, token):
            return True
        if token.capital and not token.opens:
            shouted = token.text.isupper() and len(low) > 2
            listed = low in known.surnames or low in known.forenames
            return listed or not (shouted or low in known.common)
        if low in known.forenames or (low in known.surnames and low not in known.frequent):
            return not known.ordinary(low) or self._closes(tokens, index)
        return len(low) > 3 and not self._doubtful(low) and bool(set(low) & _VOWELS)

    def _closes(self, tokens: Sequence[Token], index: int) -> bool:
        """Nothing follows in the sentence, or what people do: ``leopold grant said``."""
        last = index + 1 == len(tokens) or tokens[index + 1].opens
        return last or tokens[index + 1].low in AFTER_A_NAME

    def _doubtful(self, low: str) -> bool:
        """Not a word that could only be a name: in a list of other words, or not letters."""
        known = self._words
        listed = known.ordinary(low) or low in known.proper or low in NOT_NAMES
        plural = low.endswith("s") and known.ordinary(low[:-1])
        dropped_g = low.endswith("in") and known.ordinary(low + "g")
        letters = low.replace("-", "").replace("'", "").isalpha()
        return listed or plural or dropped_g or not letters or _joined_from_words(low, known)


WHOLE_TITLES = words(
    """miss sister father master coach judge lord lady dame uncle aunt nurse matron recorder
    officer constable commissioner commander"""
)
TITLES_NEEDING_CAPITAL = words(
    """ms miss sister father master coach judge lord lady dame uncle aunt nurse matron mp fr
    recorder officer constable commissioner commander ds di ps det cons"""
)
# What people are called by who are not named: ``cheers fella``.
NOT_NAMES = words(
    "all mate mates lads lad lass lasses guys guy folks everyone everybody both fel"
    "la fellas bud pal "
    "hun hon babe babes love duck duckie chuck petal flower sweetheart darling gents ladies ladz "
    "peeps team troops chaps chap bruv bro blud fam dude dudes geez geezer boyo butt butty marra "
    "pet kid kidda kiddo cocker cock mucker matey again muchly bigly tho though anyway lots heaps "
    "sunshine treacle champ chief legend legends hero heroes star stars vicar m8 buddy tomorrow "
    "yes yep yeah nope haha hahaha lol lmao xx xxx ok okay cheers thanks bye night nights"
)
_SURNAME_FIRST = words(
    """brown green white black gray grey young king wood woods cook baker price long bell hill
    hall ward west moore knight page stone rose fox lane park parks wells rice ford cross bird
    mills banks marsh frost sharp small short little grant cole jordan hunt hunter fisher
    farmer wolf bond rich church carter mason power love field fields lamb steel bush storm
    payne swift"""
)


def _joined_from_words(word: str, known: Lexicon) -> bool:
    """``co-op``, ``off-duty``: parts that are all ordinary, or an elided form such as ``it'd``."""
    if "'" in word:
        return known.ordinary(word.split("'")[0])
    return "-" in word and all(known.ordinary(part) for part in word.split("-") if part)


_ANNOUNCING = NAMING_RANKS | TITLES


@lru_cache(maxsize=65536)
def _dull(word: str) -> bool:
    """Whether ``word``, as it is written, starts no name whatever stands around it, unless a rank
    or title announces it. In doubt it is not dull: ``Names`` looks at the words around it."""
    known = lexicon()
    low = word.lower().removesuffix("'s")
    if low in known.police or low in RANK_WORDS or low in TITLES:
        return True
    listed = low in known.forenames or low in known.word_names or low in known.surnames
    if word[0].isupper() or (listed and low not in known.common):
        return False
    return low not in known.word_names and (low in known.frequent or known.ordinary(low))


def base(token: Token) -> str:
    """The token's lower case without a possessive."""
    return token.low[:-2] if token.low.endswith("'s") else token.low


def _name_end(token: Token) -> int:
    return token.end - 2 if token.low.endswith("'s") else token.end


def _initial(text: str, token: Token) -> bool:
    return len(token.text) == 1 and token.text.isupper() and token.text not in "IAX"


def _raised(score: float, first: int, last: int) -> float:
    return max(score, SURE) if last > first else score
