"""Nicknames that the chat itself explains: ``calls himself "Cobra"``, ``dread is Andre Whitlock``,
and the initials of a rota: ``KT early, LP night``, ``nn/wb``.

A nickname so explained is looked for in the whole chat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.lexicon import lexicon, words
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.ranks import RANK_WORDS, TITLES
from pipelines.deidentify.roster import ABBREVIATIONS
from pipelines.deidentify.text import Token

EXPLAINED = 0.85  # above entities.CONFIDENT: its other mentions go too
ROTA = 0.6

_QUOTED = r"[\"'](?P<quoted>[^\W\d_][\w' -]{1,24}?)[\"'](?!\w)"
_NAMED = r"(?P<plain>[^\W\d_][\w'-]{2,})"
_CALLED = re.compile(
    r"\b(?:call(?:s|ed|ing)?(?: (?:him|her|them)(?:self|selves)?| me| each other| the other"
    r"| this one| that one| one)?|known(?: (?:locally|to us|to all|on the \w+))? as|"
    rf"nickname(?:d|'s| is| was)?|name of|goes by|aka|a\.k\.a\.?|"
    rf"answers to|the one with|sticker|signed) {_QUOTED}",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"\b(?:aka|a\.k\.a\.?|goes by|street ?name(?:'s| is)?:?|nickname(?:'s| is)?:?|nicknamed|"
    rf"calls (?:him|her)self) {_NAMED}",
    re.IGNORECASE,
)
_SHIFT = re.compile(
    r"(?:^|[,;:/&\n] ?|\band )(?P<who>[^\W\d_]{2}) (?:early|earlies|late|lates|nights?|off|rd|days)"
    r"(?=$|[ ]?[,;.&/\n]| and\b)",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"(?<![\w/+&-])(?P<one>[^\W\d_]{2}) ?[/+&] ?(?P<two>[^\W\d_]{2})(?![\w/+&-])")
_IS = words("is thats that's =")
# Who is meant is said of a role as often as of a nickname: ``driver is Andre Whitlock``.
_ROLES = words(
    """victim suspect driver witness caller informant neighbour owner tenant landlord landlady
    manager boss brief solicitor partner husband wife son daughter mum dad mam brother sister uncle
    aunt cousin nan grandad gran boyfriend girlfriend bf gf ex friend mate best contact name author
    winner keyholder nok buyer seller rider patient passenger vic sus mp mayor coach captain keeper
    teacher head doctor nurse social worker landowner farmer vicar priest judge clerk usher
    magistrate barrister prosecutor interpreter complainant complainer offender nominal missing
    misper absconder resident occupier occupant householder cover relief duty oic aic cat lead spoc
    host organiser treasurer secretary chair next first second third last other third this that it
    he she who which what there here where one name's answer thing problem question today tomorrow
    birthday star hero legend guest speaker singer band favourite actor player manager referee ref
    horse dog cat kid child boy girl baby lad lass man woman bloke guy lady"""
)
_ROLES |= RANK_WORDS
_NO_NAME = words(
    "the a an it its it's that this these those him her them me us you i my your his our their no "
    "not and or but now back out over up in on at to for of what who one"
)
_SUFFIXES = ("or", "ist", "ant", "ee", "ian", "man", "woman")


class Alias(TokenRecognizer):
    """People by a nickname the text explains."""

    def __init__(self) -> None:
        super().__init__()
        self._words = lexicon()

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[Finding]:
        """The nicknames a text explains, and the initials of its rota."""
        for pattern, group in ((_CALLED, "quoted"), (_ALSO, "plain")):
            for found in pattern.finditer(text):
                if self._could_be_one(found[group]):
                    yield Finding(*found.span(group), Kind.PERSON, EXPLAINED)
        for found in _PAIRED.finditer(text):
            if self._initials(found["one"]) and self._initials(found["two"]):
                yield Finding(*found.span("one"), Kind.PERSON, ROTA)
                yield Finding(*found.span("two"), Kind.PERSON, ROTA)
        shifts = [m for m in _SHIFT.finditer(text) if self._initials(m["who"])]
        if len(shifts) > 1:
            for found in shifts:
                yield Finding(*found.span("who"), Kind.PERSON, ROTA)
        for index, token in enumerate(tokens[:-3]):
            if token.opens and self._explained(text, tokens, index):
                yield Finding(token.start, token.end, Kind.PERSON, EXPLAINED)

    def _could_be_one(self, name: str) -> bool:
        first = name.lower().split()[0]
        return first not in _NO_NAME and first not in self._words.police

    def _initials(self, pair: str) -> bool:
        low = pair.lower()
        taken = low in self._words.frequent or low in self._words.police or low in ABBREVIATIONS
        return not taken and low not in RANK_WORDS and low not in TITLES

    def _explained(self, text: str, tokens: Sequence[Token], index: int) -> bool:
        """``moth?? thats Timothy Raikes``: a word, ``is``, a forename and what may be a surname."""
        token, verb, forename, surname = tokens[index : index + 4]
        if verb.low not in _IS or forename.low not in self._words.forenames:
            return False
        if text[forename.end : surname.start] != " " or not self._could_be_one(token.text):
            return False
        role = token.low in _ROLES or token.low.endswith(_SUFFIXES)
        if role or token.low in self._words.frequent:
            return False
        listed = surname.low in self._words.surnames and surname.low not in self._words.frequent
        return len(token) > 2 and (
            surname.capital or listed or not self._words.ordinary(surname.low)
        )
