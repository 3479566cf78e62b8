"""The phrase notation of ``lexicon/*.toml``, compiled to regular expressions.

A phrase is words in order. ``a|b`` is either word, ``word*`` any ending, ``two_words`` one
alternative made of several words, ``[x]`` optional, ``{list}`` a word list of ``words.toml``,
``..`` up to three words of any kind and ``...`` up to seven, never across a sentence's end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SHORT_GAP, LONG_GAP = 3, 7
_GAPS = {"..": SHORT_GAP, "...": LONG_GAP}
_ELEMENT = re.compile(r"\[[^\]]+\]|\S+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase. It can match only where a token equals or starts with one of ``cues``.

    ``cues`` are whole tokens, or stems ending in ``*``.
    """

    source: str
    regex: re.Pattern[str]
    cues: frozenset[str]


def compile_phrase(source: str, lists: Mapping[str, Sequence[str]]) -> Phrase:
    """Compile ``source``. Raises ``ValueError`` for an unknown list or a phrase without words."""
    parts: list[str] = []
    required: list[list[str]] = []
    for element in _ELEMENT.findall(source):
        if element in _GAPS:
            parts.append(rf"(?:[^ .]+ ){{0,{_GAPS[element]}}}")
            continue
        optional = element.startswith("[")
        alternatives = _alternatives(element.strip("[]"), lists, source)
        parts.append(_either(alternatives) + ("?" if optional else ""))
        if not optional:
            required.append(alternatives)
    if not required:
        raise ValueError(f"The phrase {source!r} needs at least one word that is not optional.")
    return Phrase(source, re.compile("(?<= )" + "".join(parts)), _rarest_cues(required))


def _alternatives(element: str, lists: Mapping[str, Sequence[str]], source: str) -> list[str]:
    found: list[str] = []
    for name in element.split("|"):
        if not name.startswith("{"):
            found.append(name)
        elif name[1:-1] in lists:
            found.extend(entry.replace(" ", "_") for entry in lists[name[1:-1]])
        else:
            raise ValueError(f"The phrase {source!r} names an unknown word list {name}.")
    return found


def _either(alternatives: Sequence[str]) -> str:
    return "(?:" + "|".join(_one(alternative) for alternative in alternatives) + ")"


def _one(alternative: str) -> str:
    return "".join(_word(word) for word in _words(alternative))


def _words(alternative: str) -> list[str]:
    return [alternative] if alternative.startswith("<") else alternative.split("_")


def _word(word: str) -> str:
    return re.escape(word[:-1]) + r"[^ .]* " if word.endswith("*") else re.escape(word) + " "


def _rarest_cues(required: Sequence[Sequence[str]]) -> frozenset[str]:
    """The element least often met: long words are rarer than short, few rarer than many."""

    def commonness(alternatives: Sequence[str]) -> float:
        return sum(3.0 ** -len(_cue(alternative).rstrip("*")) for alternative in alternatives)

    return frozenset(_cue(alternative) for alternative in min(required, key=commonness))


def _cue(alternative: str) -> str:
    return max(_words(alternative), key=lambda word: len(word.rstrip("*")))
