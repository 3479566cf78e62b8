"""From decided cells to published rows: rounded counts, and rates made of nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.release.cells import (
    CHALLENGE,
    FLAGGED,
    HABIT_PREFIX,
    MESSAGES,
    Cell,
    Values,
    categories,
)
from pipelines.release.disclosure import Outcome, Scope
from pipelines.release.estimation import Methods
from pipelines.release.periods import is_quarter, months_of
from pipelines.release.policy import Support
from pipelines.release.rounding import Rate, estimate, rate, round_to_base
from pipelines.release.rows import ChallengeRow, HabitRow, TrendRow


@dataclass(frozen=True, slots=True)
class Denominator:
    """A place's messages in a period and the people behind them, rounded."""

    messages: int
    contributors: int


@dataclass(frozen=True)
class Counts:
    """Every rounded count that is published, frozen ones first.

    A quarter whose months are all published is their sum, frozen as they are: counted again from
    what the warehouse holds by then, it would show who had come or gone since. Beside a published
    month it has that month's people, the most of them: its own would tell, less that month's, how
    few wrote in the quarter and not in the month.
    """

    outcome: Outcome
    denominators: dict[Cell, Denominator] = field(default_factory=dict)
    flagged: dict[tuple[str, Cell], int] = field(default_factory=dict)

    def keep(self, row: TrendRow) -> None:
        """Take over a frozen row."""
        cell = Cell(row.period, row.force_code)
        if row.messages is not None and row.contributors is not None:
            self.denominators[cell] = Denominator(row.messages, row.contributors)
        if row.flagged is not None:
            self.flagged[row.category, cell] = row.flagged

    def add(self, cell: Cell, categories: Sequence[str]) -> None:
        """Count a new cell: months before their quarter."""
        if group := self.outcome.group(MESSAGES, cell):
            parts = [self.denominators.get(month) for month in months_in(cell)]
            whole = [part for part in parts if part is not None]
            people = round_to_base(group.denominator.contributors)
            messages = round_to_base(group.denominator.messages)
            if len(whole) == len(parts):
                messages = sum(part.messages for part in whole)
            if whole:
                people = max(part.contributors for part in whole)
            self.denominators[cell] = Denominator(messages, people)
        for category in categories:
            if group := self.outcome.group(category, cell):
                months = [self.flagged.get((category, month)) for month in months_in(cell)]
                self.flagged[category, cell] = count_anew(group.split[FLAGGED], months)

    def row(self, category: str, cell: Cell, methods: Methods) -> TrendRow:
        """The published row, without figures where they are withheld."""
        below, part = self.denominators.get(cell), self.flagged.get((category, cell))
        method = methods[category]
        found = None
        if below is not None and part is not None:
            found = estimate(part, below.messages, below.contributors, method)
        flagged = part if found is not None else None
        return TrendRow(
            cell.period,
            cell.place,
            category,
            *_fields(found, below),
            basis=method.basis.value,
            flagged=flagged,
        )


def trend_rows(
    outcome: Outcome,
    scope: Scope,
    values: Values,
    frozen: Sequence[TrendRow],
    methods: Mapping[str, Methods],
) -> Iterator[TrendRow]:
    """Rows this release adds: months, then quarters; national, regions, forces; by category.

    ``methods`` are by period.
    """
    named = categories(values)
    counts = Counts(outcome)
    for row in frozen:
        counts.keep(row)
    for period in (*scope.months, *scope.quarters):
        for place in scope.places.all:
            cell = Cell(period, place)
            counts.add(cell, named)
            for category in named:
                yield counts.row(category, cell, methods[period])


def habit_rows(outcome: Outcome, scope: Scope, values: Values) -> Iterator[HabitRow]:
    """Rows in order of month, force (national first), habit and value."""
    habits = [split for split in values if split.startswith(HABIT_PREFIX)]
    counts = Counts(outcome)
    for month in scope.months:
        for place in (p for p in scope.places.all if p not in scope.places.regions):
            cell = Cell(month, place)
            counts.add(cell, ())
            below = counts.denominators.get(cell)
            for split in habits:
                group = outcome.group(split, cell)
                for value in values[split]:
                    found = None
                    if group and below:
                        part = round_to_base(group.split[value].messages)
                        found = rate(part, below.messages, below.contributors)
                    habit = split.removeprefix(HABIT_PREFIX)
                    yield HabitRow(month, place, habit, value, *_fields(found, below))


def anything_published(outcome: Outcome, month: str) -> bool:
    """Whether any denominator of ``month``, or of a quarter it lies in, is published."""
    return any(month in months_of(cell.period) for cell in outcome.published[MESSAGES])


def count_anew(part: Support, months: Sequence[int | None]) -> int:
    """A part's rounded count, or the sum of its months' where every one is published."""
    known = [month for month in months if month is not None]
    return sum(known) if len(known) == len(months) else round_to_base(part.messages)


def months_in(cell: Cell) -> list[Cell]:
    """The cells a quarter's is the sum of; a month's is a sum of nothing published."""
    if not is_quarter(cell.period):
        return [Cell("", cell.place)]
    return [Cell(month, cell.place) for month in months_of(cell.period)]


def _fields(
    found: Rate | None, below: Denominator | None
) -> tuple[float | None, float | None, float | None, int | None, int | None]:
    rates = (found.estimate, found.low, found.high) if found else (None, None, None)
    counts = (below.messages, below.contributors) if below else (None, None)
    return (*rates, *counts)


def published_cells(
    trends: Iterable[TrendRow],
    habits: Iterable[HabitRow],
    challenge: Iterable[ChallengeRow],
    values: Values,
) -> dict[str, frozenset[Cell]]:
    """The cells of every split that rows publish."""
    found: dict[str, set[Cell]] = {split: set() for split in values}
    for row in trends:
        cell = Cell(row.period, row.force_code)
        if row.messages is not None:
            found[MESSAGES].add(cell)
        if row.estimate_per_1000 is not None:
            found.setdefault(row.category, set()).add(cell)
    for habit in habits:
        if habit.estimate_per_1000 is not None:
            cell = Cell(habit.period, habit.force_code)
            found.setdefault(HABIT_PREFIX + habit.habit, set()).add(cell)
    found[CHALLENGE] = {Cell(r.period, r.force_code) for r in challenge if r.share is not None}
    return {split: frozenset(cells) for split, cells in found.items()}
