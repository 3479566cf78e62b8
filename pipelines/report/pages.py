"""What is shown of a release, site and PDF alike: which rows, in which order, by which period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipelines.prevalence.method import Method
from pipelines.release.estimation import Methods, by_period, estimated_in
from pipelines.release.periods import MONTHS_IN_QUARTER, is_quarter, months_of
from pipelines.release.places import NATIONAL
from pipelines.release.rows import ChallengeRow, EffectRow, HabitRow, ImpactRow, TrendRow
from pipelines.release.training import Training
from pipelines.report.findings import Finding, find, period_name
from pipelines.report.names import Category, Force

TIME_OF_WEEK = "time_of_week"
HABIT_TITLES = {
    "time_of_day": "Time of day",
    "day_of_week": "Weekday or weekend",
    TIME_OF_WEEK: "Day and time of day",
    "content": "Text or not",
    "group_size": "People in the chat",
    "operational": "Names an operational reference",
    "platform": "Application",
}


@dataclass(frozen=True)
class Content:
    """A release as read from its folder, and the names its codes stand for."""

    trends: Sequence[TrendRow]
    habits: Sequence[HabitRow]
    challenge: Sequence[ChallengeRow]
    impact: Sequence[ImpactRow]
    effects: Sequence[EffectRow]
    trainings: Sequence[Training]
    manifest: dict[str, Any]
    forces: dict[str, Force]
    categories: dict[str, Category]

    @cached_property
    def months(self) -> list[str]:
        return sorted({row.period for row in self.trends if not is_quarter(row.period)})

    @cached_property
    def periods(self) -> list[str]:
        """Months and quarters, each in order of its last month, a month before its quarter."""
        return sorted(
            {row.period for row in self.trends},
            key=lambda period: (months_of(period)[-1], is_quarter(period)),
        )

    @cached_property
    def _series(self) -> dict[tuple[str, str], list[TrendRow]]:
        found: dict[tuple[str, str], list[TrendRow]] = {}
        for row in self.trends:
            found.setdefault((row.force_code, row.category), []).append(row)
        return found

    def series(self, force: str, category: str, quarterly: bool = False) -> list[TrendRow]:
        """One place's rows of one category, in order of period: its months, or its quarters."""
        rows = self._series.get((force, category), [])
        return [row for row in rows if is_quarter(row.period) == quarterly]

    @cached_property
    def _by_cell(self) -> dict[tuple[str, str, str], TrendRow]:
        return {(row.force_code, row.category, row.period): row for row in self.trends}

    def row(self, force: str, category: str, period: str) -> TrendRow | None:
        """One place's row of one category and period, if the release has it."""
        return self._by_cell.get((force, category, period))

    @cached_property
    def _methods(self) -> dict[str, Methods]:
        return by_period(estimated_in(self.manifest))

    def methods(self, category: str) -> dict[str, Method]:
        """How a category was estimated, by period."""
        found = self._methods.items()
        return {period: methods[category] for period, methods in found if category in methods}

    def is_quarterly(self, force: str, category: str) -> bool:
        """Whether quarters tell of more than twice the months that have figures of their own."""
        return quarters_tell_more(
            [
                row.period
                for quarterly in (False, True)
                for row in self.series(force, category, quarterly)
                if row.estimate_per_1000 is not None
            ]
        )

    @cached_property
    def _with_figures(self) -> frozenset[str]:
        return frozenset(row.force_code for row in self.trends if row.messages is not None)

    def has_figures(self, force: str) -> bool:
        """Whether anything is published about ``force``."""
        return force in self._with_figures

    def trainings_of(self, force: str) -> list[Training]:
        """Programmes within the release's months; every force's for England and Wales."""
        return [
            training
            for training in self.trainings
            if force in (NATIONAL, training.force_code)
            and self.months[0] <= training.start[:7] <= self.months[-1]
        ]


def quarters_tell_more(shown: Sequence[str]) -> bool:
    """Whether quarters among the periods ``shown`` tell of more than twice the months there."""
    quarters = sum(map(is_quarter, shown))
    return MONTHS_IN_QUARTER * quarters > 2 * (len(shown) - quarters)


@dataclass(frozen=True, slots=True)
class Panel:
    """One category in one place: its rows, by month or by quarter, and what they show."""

    category: Category
    rows: Sequence[TrendRow]
    finding: Finding
    quarterly: bool


@dataclass(frozen=True, slots=True)
class HabitPanel:
    """One habit of one month in one place."""

    code: str
    title: str
    rows: Sequence[HabitRow]

    @property
    def period(self) -> str:
        return self.rows[0].period

    @property
    def sentence(self) -> str:
        """Shares in words."""
        shares = [f"{row.value} {(row.estimate_per_1000 or 0) / 10:.0f}%" for row in self.rows]
        return f"In {period_name(self.period)}: {', '.join(shares)}."


def panel(content: Content, place: str, category: Category) -> Panel:
    """The panel of ``category`` for ``place``, by month, or by quarter where quarters tell more."""
    quarterly = content.is_quarterly(place, category.code)
    rows = content.series(place, category.code, quarterly)
    return Panel(category, rows, find(rows, content.methods(category.code)), quarterly)


def habit_rows(content: Content, place: str) -> list[HabitRow]:
    """A place's rows in order of value, numbers by size: ``3-9`` before ``10-29``."""
    rows = [row for row in content.habits if row.force_code == place]
    return sorted(rows, key=lambda row: (_leading_number(row.value), row.value))


def habit_panels(content: Content, place: str) -> list[HabitPanel]:
    """Each habit of the latest month in which any habit of ``place`` is published."""
    shown = [row for row in habit_rows(content, place) if row.estimate_per_1000 is not None]
    latest = max((row.period for row in shown), default="")
    found = {
        habit: [row for row in shown if (row.habit, row.period) == (habit, latest)]
        for habit in HABIT_TITLES
    }
    return [
        HabitPanel(habit, HABIT_TITLES[habit], rows)
        for habit, rows in found.items()
        if len(rows) > 1  # one value is all messages
    ]


def latest_denominator(content: Content, force: str) -> TrendRow | None:
    """A row of the latest period whose messages are published, a month before its quarter."""
    rows = [r for r in content.trends if r.force_code == force and r.messages is not None]
    return max(
        rows, key=lambda r: (months_of(r.period)[-1], not is_quarter(r.period)), default=None
    )


def impact(content: Content, force: str) -> list[ImpactRow]:
    """Comparisons before and after a training of ``force``, in the taxonomy's order."""
    order = list(content.categories)
    rows = [row for row in content.impact if row.force_code == force]
    return sorted(rows, key=lambda row: (row.start, order.index(row.category)))


def _leading_number(value: str) -> int:
    found = re.match("[0-9]+", value)
    return int(found[0]) if found else 0
