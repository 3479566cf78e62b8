"""What the public knows: every published figure as an interval, every ``[c]`` as a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.errors import GateError
from pipelines.release.cells import (
    CHALLENGE,
    CHALLENGED,
    FLAGGED,
    HABIT_PREFIX,
    MESSAGES,
    TIME_OF_WEEK,
    UNCHALLENGED,
    Cell,
    Pool,
)
from pipelines.release.periods import block_of, is_quarter, months_of
from pipelines.release.policy import MIN_CONTRIBUTORS, MIN_MESSAGES
from pipelines.release.rounding import ROUNDING_BASE
from pipelines.release.rows import ChallengeRow, HabitRow, TrendRow

ALL_MESSAGES = "all"
CONTRIBUTORS = "contributors"
"""The split whose one value is how many people stand behind a denominator."""
HALF = ROUNDING_BASE // 2  # a count of 8 to 12 is published as 10


class Key(NamedTuple):
    """One count: a value of a split, of a place in a period.

    ``generation`` is 0 before any re-baseline, then that of the last one that counted it anew.
    """

    split: str
    value: str
    cell: Cell
    generation: int = 0

    def __str__(self) -> str:
        several = self.split == CHALLENGE or self.split.startswith(HABIT_PREFIX)
        what = f"{self.split} {self.value}" if several else self.split
        return f"{self.cell.place} {self.cell.period} {what}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A published count, known to lie in ``low`` to ``high``: its rounding, and the thresholds."""

    key: Key
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class World:
    """Published figures and withheld targets of one quarter: nothing published links two.

    ``moved`` says what each generation counted anew; whatever else is as it was.
    """

    block: str
    figures: tuple[Figure, ...]
    withheld: tuple[Key, ...]
    moved: tuple[tuple[int, Pool], ...] = ()


def read_worlds(
    trends: Sequence[TrendRow], habits: Sequence[HabitRow], challenge: Sequence[ChallengeRow]
) -> list[World]:
    """One world a quarter, in order. Raises ``GateError`` where a quarter belies its months."""
    counts: dict[Key, int | None] = {}
    for row in trends:
        cell = Cell(row.period, row.force_code)
        # the same in every category's row
        for split, count in ((MESSAGES, row.messages), (CONTRIBUTORS, row.contributors)):
            whole = Key(split, ALL_MESSAGES, cell)
            counts[whole] = counts.get(whole) if count is None else count
        counts[Key(row.category, FLAGGED, cell)] = row.flagged
    for habit in habits:
        cell = Cell(habit.period, habit.force_code)
        counts[Key(HABIT_PREFIX + habit.habit, habit.value, cell)] = habit.part
    for answered in challenge:
        cell = Cell(answered.period, answered.force_code)
        counts[Key(CHALLENGE, CHALLENGED, cell)] = answered.challenged
        if answered.challenged is None:  # and so are those that were not
            counts[Key(CHALLENGE, UNCHALLENGED, cell)] = None
    blocks: dict[str, tuple[list[Figure], list[Key]]] = {}
    for key, count in counts.items():
        figures, withheld = blocks.setdefault(block_of(key.cell.period), ([], []))
        if count is None:
            withheld.append(key)
        elif not _follows_from_months(key, count, counts):
            figures.append(_figure(key, count))
    return [World(b, tuple(f), tuple(w)) for b, (f, w) in sorted(blocks.items())]


def decided_with(split: str) -> str:
    """The split whose decisions a count follows: people are published with their messages."""
    return MESSAGES if split == CONTRIBUTORS else split


def judged_as(key: Key) -> str:
    """What a withheld count passes the policy as, by the names of ``AuditNotes.harmless``.

    Its split, but each part of a challenge rate, and each time of the week, by itself: those of
    many people may be told, if that does not tell the others.
    """
    return key.value if key.split in (CHALLENGE, TIME_OF_WEEK) else decided_with(key.split)


def _follows_from_months(key: Key, count: int, counts: Mapping[Key, int | None]) -> bool:
    """A quarter beside its months tells nothing more: messages are their sum, people the most."""
    if not is_quarter(key.cell.period):
        return False
    cells = [Cell(month, key.cell.place) for month in months_of(key.cell.period)]
    months = [counts.get(key._replace(cell=cell)) for cell in cells]
    known = [month for month in months if month is not None]
    if key.split == CONTRIBUTORS and known:
        expected, rule = max(known), "the most people of them"
    elif len(known) == len(months):
        expected, rule = sum(known), "their sum"
    else:
        return False
    if count != expected:
        raise GateError(
            f"The disclosure audit refused: {key} is published beside its months and is not "
            f"{rule}, so the difference tells what changed in a frozen month."
        )
    return True


def _figure(key: Key, count: int) -> Figure:
    least = MIN_MESSAGES if key.split == MESSAGES else MIN_CONTRIBUTORS
    if count == 0:
        return Figure(key, 0.0, 0.0)  # a zero is published only where it is one
    return Figure(key, max(count - HALF, least), max(count + HALF, least))
