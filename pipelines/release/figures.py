"""From decided cells to published rows: rounded counts, and rates made of nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.release.cells import MESSAGES, NATIONAL, Table
from pipelines.release.disclosure import Outcome, Values
from pipelines.release.rounding import Rate, rate, round_to_base
from pipelines.release.rows import UNCALIBRATED, HabitRow, TrendRow

FLAGGED = "flagged"
HABIT_PREFIX = "habit:"


@dataclass(frozen=True, slots=True)
class Denominator:
    """A force's messages in a month and the people behind them, rounded."""

    messages: int
    contributors: int


def trend_rows(
    outcome: Outcome, months: Sequence[str], forces: Sequence[str], values: Values
) -> Iterator[TrendRow]:
    """Rows in order of period, force (national first) and category."""
    categories = [s for s in values if s != MESSAGES and not s.startswith(HABIT_PREFIX)]
    for month in months:
        for force in (NATIONAL, *forces):
            below = denominator(outcome, month, force)
            for category in categories:
                found = _rate(outcome, Table(month, category), force, FLAGGED, below)
                yield TrendRow(month, force, category, *_fields(found, below), UNCALIBRATED)


def habit_rows(
    outcome: Outcome, months: Sequence[str], forces: Sequence[str], values: Values
) -> Iterator[HabitRow]:
    """Rows in order of period, force (national first), habit and value."""
    habits = [split for split in values if split.startswith(HABIT_PREFIX)]
    for month in months:
        for force in (NATIONAL, *forces):
            below = denominator(outcome, month, force)
            for split in habits:
                for value in values[split]:
                    found = _rate(outcome, Table(month, split), force, value, below)
                    habit = split.removeprefix(HABIT_PREFIX)
                    yield HabitRow(month, force, habit, value, *_fields(found, below))


def denominator(outcome: Outcome, month: str, force: str) -> Denominator | None:
    """``None`` where it is withheld."""
    group = outcome.published(Table(month, MESSAGES), force)
    if group is None:
        return None
    below = group.denominator
    return Denominator(round_to_base(below.messages), round_to_base(below.contributors))


def anything_published(outcome: Outcome, month: str, forces: Sequence[str]) -> bool:
    """Whether any denominator of ``month`` is published."""
    return any(denominator(outcome, month, force) for force in (NATIONAL, *forces))


def _rate(
    outcome: Outcome, table: Table, force: str, value: str, below: Denominator | None
) -> Rate | None:
    group = outcome.published(table, force)
    if group is None or below is None:
        return None
    part = round_to_base(group.split[value].messages)
    return rate(part, below.messages, below.contributors)


def _fields(
    found: Rate | None, below: Denominator | None
) -> tuple[float | None, float | None, float | None, int | None, int | None]:
    rates = (found.estimate, found.low, found.high) if found else (None, None, None)
    counts = (below.messages, below.contributors) if below else (None, None)
    return (*rates, *counts)
