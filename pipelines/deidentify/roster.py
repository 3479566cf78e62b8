"""Who is in a chat, and every way their names may be written in it.

Built once a chat from its senders and the names its system lines and contact cards mention, and
resolved against the chat's own vocabulary, so that looking a word up costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.lexicon import Lexicon, lexicon, words
from pipelines.deidentify.recognisers.ranks import RANK_WORDS, TITLES
from pipelines.deidentify.text import key

SHORTEST_MISSPELT = 5  # letters of a name of which one-letter slips are looked for
SHORTEST_BEGINNING = 3  # letters of a name that a nickname keeps
_NICKNAME_ENDINGS = (
    "",
    "s",
    "y",
    "ie",
    "o",
    "z",
    "zy",
    "za",
    "zza",
    "a",
    "er",
    "i",
    "ey",
    "ster",
    "ers",
)
# Two letters that are more often something else's than somebody's initials.
ABBREVIATIONS = words(
    """ai al am bt bw cb cc cd ch ci cj cp cs cv dm dr dv eg eh er et eu ew ex fb fm ft gb gp gs hp
    hr ic ie ig ip iq jr kg km ko lb mc md mg mm mp mr ms mx nb nd nr od oi op os ow ox oz
    pa pb pe pi pp pr pt qc rm rt sc sd sm sr ss td tl tr ts um un vi vr wc wk xl xo xp xs
    xx yd ye yh"""
)
_STRETCHED = re.compile(r"(.)\1{2,}")
_SURNAME_ENDINGS = ("y", "ie", "o", "ers", "ster", "s")


@dataclass(frozen=True, slots=True)
class Roster:
    """``words``: lower-case words that name a member wherever they stand. ``weak``: those that do
    with evidence (``will``). ``phrases``: several words, by their first. ``initials``: capitals.
    """

    words: Mapping[str, Kind] = field(default_factory=dict, repr=False)
    weak: frozenset[str] = field(default=frozenset(), repr=False)
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Kind], ...]] = field(
        default_factory=dict, repr=False
    )
    initials: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def triggers(self) -> frozenset[str]:
        """Words one of which every text naming a member holds."""
        initials = {initials.lower() for initials in self.initials}
        return frozenset({*self.words, *self.weak, *self.phrases, *initials})


def build_roster(
    people: Iterable[str], others: Iterable[str] = (), vocabulary: Iterable[str] = ()
) -> Roster:
    """The roster of a chat: ``people`` are senders, ``others`` people or groups it mentions,
    ``vocabulary`` the lower-case words of the chat (for misspellings and run-together forms)."""
    draft = _Draft(lexicon())
    for name in people:
        draft.add_person(key(name).split())
    for name in others:
        words = key(name).split()
        if draft.looks_like_a_group(words):
            draft.add_group(words)
        else:
            draft.add_person(words)
    draft.spread(vocabulary)
    return draft.finish()


class _Draft:
    def __init__(self, words: Lexicon) -> None:
        self.lexicon = words
        self.strong: dict[str, Kind] = {}
        self.weak: set[str] = set()
        self.phrases: dict[tuple[str, ...], Kind] = {}
        self.initials: set[str] = set()
        self.beginnings: set[str] = set()

    def looks_like_a_group(self, words: list[str]) -> bool:
        """Ordinary words or words of the job, and no forename first: ``B Relief Banter``."""
        if not words or words[0] in self.lexicon.forenames or words[0] in self.lexicon.word_names:
            return False
        if words[0] in RANK_WORDS or words[0] in TITLES:
            return False
        return any(w in self.lexicon.police or w in self.lexicon.common for w in words)

    def add_group(self, words: list[str]) -> None:
        if len(words) > 1:
            self.phrases[tuple(words)] = Kind.ORGANISATION
        for word in words:
            if len(word) > 3 and not self.lexicon.ordinary(word) and word.isalpha():
                self.strong.setdefault(word, Kind.ORGANISATION)

    def add_person(self, words: list[str]) -> None:
        names = [word for word in words if self._is_name_part(word)]
        if len(words) == 1 and self._tells(words[0]):
            self.strong[words[0]] = Kind.PERSON
        if len(words) > 1 and names:
            self.phrases[tuple(words)] = Kind.PERSON
        if len(names) > 1:
            self.phrases[tuple(names)] = Kind.PERSON
            self.phrases[tuple(reversed(names))] = Kind.PERSON
            self._add_part("".join(names))
        self._add_initials([w for w in words if w in names or (len(w) == 1 and w.isalpha())])
        for position, word in enumerate(names):
            self._add_part(word)
            for part in word.split("-"):
                self._add_part(part)
            for relative in self.lexicon.kin.get(word, ()):
                self._add_part(relative)
            if position or len(names) == 1:
                self._add_surname_forms(word)

    def _tells(self, word: str) -> bool:
        """Whether a display name of one word (``Custard``) is its owner wherever it stands: an
        ordinary word may be, but none of the commonest."""
        dull = word in self.lexicon.frequent or word in self.lexicon.police or word in RANK_WORDS
        return len(word) > 2 and word.isalpha() and not dull

    def _is_name_part(self, word: str) -> bool:
        return (
            len(word) > 1
            and any(c.isalpha() for c in word)
            and not word[0].isdigit()
            and word not in RANK_WORDS
            and word not in TITLES
            and (word not in self.lexicon.police or word in self.lexicon.word_names)
        )

    def _add_part(self, word: str) -> None:
        if len(word) < 2:
            return
        short = len(word) == 2 and (word in self.lexicon.frequent or word in RANK_WORDS)
        if self.lexicon.ordinary(word) or short:
            if word not in self.lexicon.police or word in self.lexicon.word_names:
                self.weak.add(word)
        else:
            self.strong[word] = Kind.PERSON

    def _add_surname_forms(self, word: str) -> None:
        """``Smithy``, ``Jonesy``, ``Robbo``, ``Macca``: only where no ordinary word results."""
        stem = word.removesuffix("s") if len(word) > 4 else word
        forms = {stem + ending for ending in _SURNAME_ENDINGS} | {word + "y", word + "o"}
        if word.startswith(("mc", "mac")):
            forms |= {"macca", "macka", "macker"}
        for form in forms:
            if not self.lexicon.ordinary(form) and len(form) > 4:
                self.strong.setdefault(form, Kind.PERSON)

    def _add_initials(self, names: list[str]) -> None:
        letters = "".join(name[0] for name in names).upper()
        low = letters.lower()
        dull = low in self.lexicon.frequent or low in self.lexicon.police or low in ABBREVIATIONS
        if len(letters) == 3:
            dull = dull or self.lexicon.ordinary(low)
        if 2 <= len(letters) <= 3 and not dull and low not in RANK_WORDS:
            self.initials.add(letters)

    def spread(self, vocabulary: Iterable[str]) -> None:
        """Add the chat's own spellings of the names: stretched, run together, one letter off."""
        names = [word for word, kind in self.strong.items() if kind is Kind.PERSON]
        self.beginnings = {
            name[:length] for name in names for length in range(SHORTEST_BEGINNING, len(name) - 1)
        }
        slips = _slips(names)
        for word in sorted(set(vocabulary)):  # in one order: spellings lead to spellings
            plain = word[:-2] if word.endswith("'s") else word
            if plain in self.strong:
                self.strong.setdefault(word, self.strong[plain])
            elif plain in self.weak or plain.removesuffix("s") in self.weak:
                self.weak.add(word)
            elif self.lexicon.ordinary(plain):
                if self._may_shorten(plain):
                    self.weak.add(word)
            elif plain not in RANK_WORDS:
                kind = self._spelling_of(plain, slips)
                if kind:
                    self.strong[word] = kind

    def _spelling_of(self, word: str, slips: Mapping[str, set[str]]) -> Kind | None:
        single = _STRETCHED.sub(r"\1", word)
        double = _STRETCHED.sub(r"\1\1", word)
        for form in (single, double, word.removesuffix("s"), word.rstrip("0123456789")):
            if form != word and form in self.strong:
                return self.strong[form]
        if self._shortened(word):
            return Kind.PERSON
        if len(word) >= SHORTEST_MISSPELT - 1 and word.isalpha() and _is_slip(word, slips):
            return Kind.PERSON
        return None

    def _shortened(self, word: str) -> bool:
        """``urs`` for Ursula, ``galbs`` for Galbraith: a beginning of a name, and an ending."""
        return any(
            word.endswith(ending) and word[: len(word) - len(ending)] in self.beginnings
            for ending in _NICKNAME_ENDINGS
        )

    def _may_shorten(self, word: str) -> bool:
        """An ordinary word that could be a nickname too: ``galls`` for Gallagher."""
        dull = word in self.lexicon.frequent or word in self.lexicon.police or word in RANK_WORDS
        return not dull and self._shortened(word)

    def finish(self) -> Roster:
        by_first: dict[str, list[tuple[tuple[str, ...], Kind]]] = {}
        for phrase, kind in sorted(self.phrases.items(), key=lambda item: (-len(item[0]), item[0])):
            by_first.setdefault(phrase[0], []).append((phrase, kind))
        return Roster(
            dict(self.strong),
            frozenset(self.weak - self.strong.keys()),
            {first: tuple(phrases) for first, phrases in by_first.items()},
            frozenset(self.initials),
        )


def _slips(names: Iterable[str]) -> dict[str, set[str]]:
    """Each long name's forms with one letter left out, and the names they come from."""
    forms: dict[str, set[str]] = {}
    for name in names:
        if len(name) >= SHORTEST_MISSPELT and name.isalpha():
            for form in (name, *_without_one(name)):
                forms.setdefault(form, set()).add(name)
    return forms


def _is_slip(word: str, slips: Mapping[str, set[str]]) -> bool:
    """Whether ``word`` is one insertion, deletion, substitution or swap from a name that has the
    same first letter."""
    for form in (word, *_without_one(word)):
        for name in slips.get(form, ()):
            if name[0] == word[0] and abs(len(name) - len(word)) <= 1 and _one_edit(word, name):
                return True
    return False


def _without_one(word: str) -> Iterator[str]:
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]


def _one_edit(left: str, right: str) -> bool:
    if len(left) > len(right):
        left, right = right, left
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), len(left))
    if len(left) < len(right):
        return left[at:] == right[at + 1 :]
    if left[at + 1 :] == right[at + 1 :]:
        return True
    swapped = right[at : at + 2][::-1]
    return left[at : at + 2] == swapped and left[at + 2 :] == right[at + 2 :]
