"""People by the gazetteer: known forenames, what follows them, and what ranks announce."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.lexicon import Lexicon, lexicon
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.evidence import names_a_person
from pipelines.deidentify.recognisers.ranks import NAMING_RANKS, RANK_WORDS, TITLES
from pipelines.deidentify.text import Token

SURE = 0.9  # a known forename with a surname, or a rank with a known name
LIKELY = 0.85  # a known forename alone
EVIDENCED = 0.7  # an ordinary word used as a name
_JOIN = {" ", "-", " - ", ". ", "."}
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

    A forename that is an ordinary word (``Mark``, ``Grace``) counts with evidence only.
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
        return 0

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
        if before.low in TITLES_NEEDING_CAPITAL and not token.capital:
            return False
        if token.capital and not token.text.isupper():
            return True
        return low not in self._words.common or low in _SURNAME_FIRST

    def _word_name(self, text: str, tokens: Sequence[Token], index: int) -> float:
        token = tokens[index]
        if token.capital and self._surname_after(text, tokens, index):
            return SURE
        return EVIDENCED if names_a_person(tokens, index, text) else 0

    def _lone_surname(self, text: str, tokens: Sequence[Token], index: int) -> float:
        token = tokens[index]
        low = base(token)
        ordinary = self._words.ordinary(low) or low in self._words.places
        if not ordinary and (token.capital or len(low) > 3):
            return EVIDENCED
        return 0

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


def base(token: Token) -> str:
    """The token's lower case without a possessive."""
    return token.low[:-2] if token.low.endswith("'s") else token.low


def _name_end(token: Token) -> int:
    return token.end - 2 if token.low.endswith("'s") else token.end


def _initial(text: str, token: Token) -> bool:
    return len(token.text) == 1 and token.text.isupper() and token.text not in "IAX"


def _raised(score: float, first: int, last: int) -> float:
    return max(score, SURE) if last > first else score
