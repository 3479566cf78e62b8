"""One published quarter: its figures, and what each was and would be counted from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar, cast

from pipelines.release.audit.world import ALL_MESSAGES
from pipelines.release.baseline import Baseline, Counted, History
from pipelines.release.cells import (
    CHALLENGE,
    CHALLENGED,
    FLAGGED,
    HABIT_PREFIX,
    MESSAGES,
    NOT_FLAGGED,
    UNCHALLENGED,
    Cell,
    Group,
    Pool,
    Unit,
)
from pipelines.release.challenge import challenge_rows
from pipelines.release.disclosure import Outcome, Scope
from pipelines.release.estimation import Estimated, by_period, designs_by_period
from pipelines.release.figures import habit_rows, published_cells, trend_rows
from pipelines.release.periods import block_of, is_quarter, months_of
from pipelines.release.places import Places
from pipelines.release.policy import NOTHING, Support, together
from pipelines.release.restated import Row, row_key
from pipelines.release.rows import ChallengeRow, HabitRow, TrendRow

AnyRow = TypeVar("AnyRow", TrendRow, HabitRow, ChallengeRow)
BlockRows = tuple[list[TrendRow], list[HabitRow], list[ChallengeRow]]


@dataclass(frozen=True)
class Block:
    """A quarter's rows as they stand, what every figure of it was counted from and how it was
    ``estimated``, and ``now``, what the warehouse holds of each unit.
    """

    trends: Sequence[TrendRow]
    habits: Sequence[HabitRow]
    challenge: Sequence[ChallengeRow]
    history: History
    places: Places
    estimated: Sequence[Estimated]
    now: Mapping[Unit, Counted] = field(default_factory=dict)

    def with_counts(self, now: Mapping[Unit, Counted]) -> Block:
        """The same, knowing what the warehouse holds now."""
        return replace(self, now=now)

    @property
    def name(self) -> str:
        return block_of(self.trends[0].period)

    @cached_property
    def months(self) -> list[str]:
        return sorted({row.period for row in self.trends if not is_quarter(row.period)})

    @cached_property
    def quarters(self) -> list[str]:
        return sorted({row.period for row in self.trends if is_quarter(row.period)})

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Every split's values in the order of the rows."""
        found: dict[str, tuple[str, ...]] = {MESSAGES: (ALL_MESSAGES,)}
        for row in self.trends:
            found[row.category] = (FLAGGED, NOT_FLAGGED)
        found[CHALLENGE] = (CHALLENGED, UNCHALLENGED, NOT_FLAGGED)
        for habit in self.habits:
            values = found.setdefault(HABIT_PREFIX + habit.habit, ())
            if habit.value not in values:
                found[HABIT_PREFIX + habit.habit] = (*values, habit.value)
        return found

    @cached_property
    def _habits_of(self) -> frozenset[tuple[str, str]]:
        return frozenset((row.period, HABIT_PREFIX + row.habit) for row in self.habits)

    def has(self, split: str, month: str) -> bool:
        """Whether a month has rows of a split: a habit may be of later releases' months alone."""
        return not split.startswith(HABIT_PREFIX) or (month, split) in self._habits_of

    @cached_property
    def published(self) -> dict[str, frozenset[Cell]]:
        """What is published, which a re-baseline neither adds to nor takes from."""
        return published_cells(self.trends, self.habits, self.challenge, self.values)

    def is_reproduced(self) -> bool:
        """Whether the kept counts give the figures as they stand: else nothing rests on them."""
        return self.rows(frozenset()) == (
            list(self.trends),
            list(self.habits),
            list(self.challenge),
        )

    def rows(self, moved: frozenset[Unit]) -> BlockRows:
        """The quarter's rows with these units counted anew; unchanged ones are as they were."""
        groups = {
            (split, cell): self._group(split, cell, moved)
            for split, cells in self.published.items()
            for cell in cells
        }
        outcome = Outcome(self.published, groups)
        scope = Scope(self.months, self.quarters, [], {}, self.places, {})
        trends = list(trend_rows(outcome, scope, self.values, [], by_period(self.estimated)))
        designs = designs_by_period(self.estimated)
        rows: list[Row] = [
            *trends,
            *habit_rows(outcome, scope, self.values),
            *challenge_rows(outcome, scope, trends, [], designs),
        ]
        anew = {row_key(row): row for row in rows}

        def now(old: AnyRow) -> AnyRow:
            new = cast(AnyRow, anew[row_key(old)])
            return old if _counts(old) == _counts(new) else new

        return (
            [now(row) for row in self.trends],
            [now(row) for row in self.habits],
            [now(row) for row in self.challenge],
        )

    def baseline(self, moved: frozenset[Unit]) -> Baseline:
        """What the figures with these units counted anew are made of."""
        return Baseline(
            {
                period: {unit: self.now[unit] for unit in moved if unit[0] in months_of(period)}
                for period in (*self.months, *self.quarters)
            },
            {
                cell: people
                for cell in self.published[MESSAGES]
                if moved & self.units(cell) and (people := self.people(cell, moved)) is not None
            },
        )

    def each(self, splits: Iterable[str]) -> list[tuple[str, str]]:
        """Every value of these splits, with its split."""
        return [(split, value) for split in splits for value in self.values[split]]

    def _group(self, split: str, cell: Cell, moved: frozenset[Unit]) -> Group:
        units = self.units(cell)

        def of(part: str, value: str) -> Support:
            return together(self.parts(part, value, units, cell.period, moved))

        people = self.people(cell, moved) or 0
        return Group(
            replace(of(MESSAGES, ALL_MESSAGES), contributors=people),
            {value: of(split, value) for value in self.values[split]},
        )

    def people(self, cell: Cell, moved: frozenset[Unit]) -> int | None:
        """The contributors of a published denominator, as far as they are known.

        A quarter beside a published month shows that month's. One that stands alone could only be
        counted if nobody had been erased, so it keeps its own, and may not change (``None``).
        """
        known = self.history.people.get(cell)
        inside = moved & self.units(cell)
        if not inside or known is None:
            return None if inside else known
        if is_quarter(cell.period):
            months = (Cell(month, cell.place) for month in months_of(cell.period))
            return known if any(m in self.published[MESSAGES] for m in months) else None
        return known + sum(
            support(self.now[unit], MESSAGES, ALL_MESSAGES).contributors
            - support(
                self.used(cell.period, unit, frozenset()), MESSAGES, ALL_MESSAGES
            ).contributors
            for unit in inside
        )

    def parts(
        self, split: str, value: str, units: Pool, period: str, moved: frozenset[Unit]
    ) -> list[Support]:
        """What a cell or pool of units counts of one value in a period, unit by unit."""
        return [support(self.used(period, unit, moved), split, value) for unit in sorted(units)]

    def used(self, period: str, unit: Unit, moved: frozenset[Unit]) -> Counted:
        """What a unit counts in the figures of a period (of its own month, if "")."""
        if unit in moved:
            return self.now[unit]
        return self.history.versions(period or unit[0], unit)[-1]

    def units(self, cell: Cell) -> Pool:
        """The units that a cell is the sum of."""
        forces, months = self.places.members(cell.place), months_of(cell.period)
        return frozenset((month, force) for month in months for force in forces)


def _counts(row: Row) -> tuple[int | None, ...]:
    """The rounded counts that a row is made of."""
    if isinstance(row, ChallengeRow):
        return row.risky, row.challenged
    part = row.flagged if isinstance(row, TrendRow) else row.part
    return row.messages, row.contributors, part


def support(counted: Counted, split: str, value: str) -> Support:
    """What stands behind one value of a unit."""
    return counted.get(split, {}).get(value, NOTHING)
