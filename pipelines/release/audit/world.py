"""What the public knows: every published figure as an interval, every ``[c]`` as a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.errors import GateError
from pipelines.release.cells import FLAGGED, HABIT_PREFIX, MESSAGES, Cell
from pipelines.release.periods import block_of, is_quarter, months_of
from pipelines.release.policy import MIN_CONTRIBUTORS, MIN_MESSAGES
from pipelines.release.rounding import ROUNDING_BASE
from pipelines.release.rows import HabitRow, TrendRow

ALL_MESSAGES = "all"
HALF = ROUNDING_BASE // 2  # a count of 8 to 12 is published as 10


class Key(NamedTuple):
    """One count: a value of a split, of a place in a period."""

    split: str
    value: str
    cell: Cell

    def __str__(self) -> str:
        what = f"{self.split} {self.value}" if self.split.startswith(HABIT_PREFIX) else self.split
        return f"{self.cell.place} {self.cell.period} {what}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A published count, known to lie in ``low`` to ``high``: its rounding, and the thresholds."""

    key: Key
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class World:
    """Published figures and withheld targets of one quarter: nothing published links two."""

    block: str
    figures: tuple[Figure, ...]
    withheld: tuple[Key, ...]


def read_worlds(trends: Sequence[TrendRow], habits: Sequence[HabitRow]) -> list[World]:
    """One world a quarter, in order. Raises ``GateError`` where a quarter belies its months."""
    counts: dict[Key, int | None] = {}
    for row in trends:
        cell = Cell(row.period, row.force_code)
        whole = Key(MESSAGES, ALL_MESSAGES, cell)  # the same in every category's row
        counts[whole] = counts.get(whole) if row.messages is None else row.messages
        counts[Key(row.category, FLAGGED, cell)] = row.flagged
    for habit in habits:
        cell = Cell(habit.period, habit.force_code)
        counts[Key(HABIT_PREFIX + habit.habit, habit.value, cell)] = habit.part
    blocks: dict[str, tuple[list[Figure], list[Key]]] = {}
    for key, count in counts.items():
        figures, withheld = blocks.setdefault(block_of(key.cell.period), ([], []))
        if count is None:
            withheld.append(key)
        elif not _is_sum_of_months(key, count, counts):
            figures.append(_figure(key, count))
    return [World(b, tuple(f), tuple(w)) for b, (f, w) in sorted(blocks.items())]


def _is_sum_of_months(key: Key, count: int, counts: dict[Key, int | None]) -> bool:
    """A quarter whose months are all published is their sum, and tells nothing more."""
    if not is_quarter(key.cell.period):
        return False
    cells = [Cell(month, key.cell.place) for month in months_of(key.cell.period)]
    months = [counts.get(key._replace(cell=cell)) for cell in cells]
    sums = [month for month in months if month is not None]
    if len(sums) < len(months):
        return False
    if sum(sums) != count:
        raise GateError(
            f"The disclosure audit refused: {key} is published beside its months and is not their "
            "sum, so the difference tells what changed in a frozen month."
        )
    return True


def _figure(key: Key, count: int) -> Figure:
    least = MIN_MESSAGES if key.split == MESSAGES else MIN_CONTRIBUTORS
    if count == 0:
        return Figure(key, 0.0, 0.0)  # a zero is published only where it is one
    return Figure(key, max(count - HALF, least), max(count + HALF, least))
