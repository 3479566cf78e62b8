"""Which expressions can be found in a text at all: one look at it, before any of them is run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from pipelines.deidentify.necessary import EDGE, MOST_SETS, WORD, Necessary

Run = TypeVar("Run")

# What the `regex` library takes for i, s and k when it ignores case.
_FOLD = str.maketrans("İıſ\u212a", "iisk")
_ENOUGH = 24  # digits or capitals from which on they are not counted
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(r"[A-Z]")
_CHARACTER = f"[{''.join(sorted(WORD))}]"


class Scan(Generic[Run]):
    """Chooses, of ``(necessary, run)`` pairs, the runs whose necessary condition a text meets."""

    def __init__(self, pairs: Iterable[tuple[Necessary, Run]]) -> None:
        pairs = list(pairs)
        self._runs = [run for _, run in pairs]
        # Sets of runs are bits of a number: place n stands for run n. What words show is one
        # such number for each of the sets of words that a run may want, one above the other.
        needs = [needs for needs, _ in pairs]
        self._by_digits = _by_count(n.digits for n in needs)
        self._by_capitals = _by_count(n.capitals for n in needs)
        self._at_first = 0
        wanting: dict[str, int] = {}
        for place, layer in ((p, n) for p in range(len(needs)) for n in range(MOST_SETS)):
            bit = 1 << place + layer * len(needs)
            if layer >= len(needs[place].words):
                self._at_first |= bit
                continue
            for word in needs[place].words[layer]:
                wanting[word] = wanting.get(word, 0) | bit
        self._looks = [look for edges in _EDGES if (look := _Look.for_edges(wanting, *edges))]

    def choose(self, text: str) -> list[Run]:
        """The runs that may find something in ``text``, in their order."""
        low = (text if text.isascii() else text.translate(_FOLD)).lower()
        shown = reduce(or_, (look.shown(low) for look in self._looks), self._at_first)
        runs = self._by_digits[min(len(_DIGIT.findall(text)), _ENOUGH)]
        runs &= self._by_capitals[min(len(_CAPITAL.findall(text)), _ENOUGH)]
        for layer in range(MOST_SETS):
            runs &= shown >> layer * len(self._runs)
        return [self._runs[place] for place in _places(runs)]


_EDGES = [(before, after) for before in ("", EDGE) for after in ("", EDGE)]


class _Look:
    """Finds words that have the same edges: at each place of a text, overlapping, the longest."""

    def __init__(self, wanting: dict[str, int], before: bool, after: bool) -> None:
        at_end = f"(?!{_CHARACTER})" if after else ""
        tree: dict[str, Any] = {}
        for word in wanting:
            node = tree
            for char in word:
                node = node.setdefault(char, {})
            node[""] = {}  # a word ends here
        at_start = f"(?<!{_CHARACTER})" if before else ""
        self._expression = re.compile(f"{at_start}(?=({_alternatives(tree, at_end)}))")
        self._wanting = {word: _with_beginnings(word, wanting, after) for word in wanting}

    @classmethod
    def for_edges(cls, wanting: dict[str, int], before: str, after: str) -> _Look | None:
        """For those of the words ``wanting`` that have these edges; ``None`` if none has."""
        words = {
            word.strip(EDGE): bits
            for word, bits in wanting.items()
            if word.startswith(EDGE) is bool(before) and word.endswith(EDGE) is bool(after)
        }
        return cls(words, bool(before), bool(after)) if words else None

    def shown(self, low: str) -> int:
        """What the words in ``low`` show."""
        bits = 0
        for word in set(self._expression.findall(low)):
            bits |= self._wanting[word]
        return bits


def _alternatives(tree: dict[str, Any], at_end: str) -> str:
    """An expression for what is below a node: the longest way first, then a word's end."""
    ways = [re.escape(char) + _alternatives(below, at_end) for char, below in tree.items() if char]
    return f"(?:{'|'.join([*ways, at_end] if '' in tree else ways)})"


def _with_beginnings(word: str, wanting: dict[str, int], after: bool) -> int:
    """What ``word`` shows and what it begins with: all of that stands where it does."""
    bits = wanting[word]
    for end in range(1, len(word)):
        if not (after and word[end] in WORD):
            bits |= wanting.get(word[:end], 0)
    return bits


def _places(bits: int) -> Iterator[int]:
    while bits:
        last = bits & -bits
        yield last.bit_length() - 1
        bits ^= last


def _by_count(wanted: Iterable[int]) -> list[int]:
    """The runs that a text with 0, 1, 2... digits (or capitals) has enough for."""
    enough = [min(count, _ENOUGH) for count in wanted]
    return [_bits(least <= count for least in enough) for count in range(_ENOUGH + 1)]


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)
