"""Which expressions can be found in a text at all: one look at it, before any of them is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from pipelines.deidentify.necessary import Necessary
from pipelines.encoder.memory import Memory

Run = TypeVar("Run")
Plan = TypeVar("Plan")

# What the `regex` library takes for i, s and k when it ignores case.
_FOLD = str.maketrans("İıſ\u212a", "iisk")
MOST_STRETCHES = 50_000  # without a space, remembered: words come again and again
MOST_PLANS = 20_000
_ENOUGH = 24  # digits or capitals from which on they are not counted


class Scan(Generic[Run, Plan]):
    """Chooses, of ``(necessary, run)`` pairs, the runs whose necessary condition a text meets;
    ``arrange`` makes a plan of them, once for each kind of text."""

    def __init__(
        self, pairs: Iterable[tuple[Necessary, Run]], arrange: Callable[[list[Run]], Plan]
    ) -> None:
        pairs = list(pairs)
        self._runs = [run for _, run in pairs]
        self._arrange = arrange
        # Sets of runs are bits of a number: place n stands for run n.
        needs = [needs for needs, _ in pairs]
        self._by_digits = _by_count(n.digits for n in needs)
        self._by_capitals = _by_count(n.capitals for n in needs)
        self._wordless = _bits(n.one_of is None for n in needs)
        self._words: dict[str, list[tuple[str, int]]] = {}  # by their first letter
        for word in sorted({word for n in needs for word in n.one_of or ()}):
            runs = _bits(word in (n.one_of or ()) for n in needs)
            self._words.setdefault(word[0], []).append((word, runs))
        self._stretches: Memory[str, tuple[int, int, int]] = Memory(MOST_STRETCHES)
        self._plans: dict[int, Plan] = {}

    def choose(self, text: str) -> Plan:
        """The plan of the runs that may find something in ``text``, in their order."""
        runs, digits, capitals = self._wordless, 0, 0
        for stretch in text.split():
            held = self._stretches.get(stretch) or self._look(stretch)
            runs |= held[0]
            digits += held[1]
            capitals += held[2]
        runs &= self._by_digits[min(digits, _ENOUGH)]
        runs &= self._by_capitals[min(capitals, _ENOUGH)]
        plan = self._plans.get(runs)
        return self._plan(runs) if plan is None else plan

    def _look(self, stretch: str) -> tuple[int, int, int]:
        """The runs whose words a stretch holds; how many digits and capitals it has."""
        low = stretch.translate(_FOLD).lower()
        runs = 0
        for at, char in enumerate(low):
            for word, bits in self._words.get(char, ()):
                if low.startswith(word, at):
                    runs |= bits
        digits = sum(char.isdecimal() for char in stretch)
        held = (runs, digits, sum("A" <= char <= "Z" for char in stretch))
        self._stretches.put(stretch, held)
        return held

    def _plan(self, runs: int) -> Plan:
        plan = self._arrange([run for place, run in enumerate(self._runs) if runs >> place & 1])
        if len(self._plans) < MOST_PLANS:
            self._plans[runs] = plan
        return plan


def _by_count(wanted: Iterable[int]) -> list[int]:
    """The runs that a text with 0, 1, 2... digits (or capitals) has enough for."""
    enough = [min(count, _ENOUGH) for count in wanted]
    return [_bits(least <= count for least in enough) for count in range(_ENOUGH + 1)]


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)
