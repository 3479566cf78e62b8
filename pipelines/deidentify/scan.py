"""Which expressions can be found in a text at all: one look at it, before any of them is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from pipelines.deidentify.memory import Memory
from pipelines.deidentify.necessary import Necessary

Run = TypeVar("Run")
Plan = TypeVar("Plan")

# What the `regex` library takes for i, s and k when it ignores case.
_FOLD = str.maketrans("İıſ\u212a", "iisk")
MOST_STRETCHES = 50_000  # without a space, remembered: words come again and again
MOST_KINDS = 20_000  # of texts: what may be found in them
_ENOUGH = 32  # digits or capitals beyond which nobody counts


class Scan(Generic[Run, Plan]):
    """Chooses, of ``(necessary, run)`` pairs, the runs whose necessary condition a text meets;
    ``arrange`` makes a plan of them, once for each kind of text."""

    def __init__(
        self, pairs: Iterable[tuple[Necessary, Run]], arrange: Callable[[list[Run]], Plan]
    ) -> None:
        pairs = list(pairs)
        self._arrange = arrange
        words = sorted({word for needs, _ in pairs for word in needs.one_of or ()})
        self._bits = {word: 1 << place for place, word in enumerate(words)}
        self._starts: dict[str, list[tuple[str, int]]] = {}
        for word, bit in self._bits.items():
            self._starts.setdefault(word[0], []).append((word, bit))
        self._pairs = [(needs, self._mask(needs.one_of or ()), run) for needs, run in pairs]
        self._stretches: Memory[str, tuple[int, int, int]] = Memory(MOST_STRETCHES)
        self._chosen: Memory[tuple[int, int, int], Plan] = Memory(MOST_KINDS)

    def choose(self, text: str) -> Plan:
        """The plan of the runs that may find something in ``text``, in their order."""
        mask = digits = capitals = 0
        for stretch in text.split():
            held = self._stretches.get(stretch) or self._look(stretch)
            mask |= held[0]
            digits += held[1]
            capitals += held[2]
        kind = (mask, min(digits, _ENOUGH), min(capitals, _ENOUGH))
        plan = self._chosen.get(kind)
        return self._choose(kind) if plan is None else plan

    def _look(self, stretch: str) -> tuple[int, int, int]:
        low = stretch.translate(_FOLD).lower()
        mask = 0
        for at, char in enumerate(low):
            for word, bit in self._starts.get(char, ()):
                if low.startswith(word, at):
                    mask |= bit
        held = (
            mask,
            sum(char.isdecimal() for char in stretch),
            sum("A" <= char <= "Z" for char in stretch),
        )
        self._stretches.put(stretch, held)
        return held

    def _choose(self, kind: tuple[int, int, int]) -> Plan:
        mask, digits, capitals = kind
        chosen = [
            run
            for needs, wanted, run in self._pairs
            if (needs.one_of is None or wanted & mask)
            and min(needs.digits, _ENOUGH) <= digits
            and min(needs.capitals, _ENOUGH) <= capitals
        ]
        plan = self._arrange(chosen)
        self._chosen.put(kind, plan)
        return plan

    def _mask(self, words: Iterable[str]) -> int:
        return sum(self._bits[word] for word in set(words))
