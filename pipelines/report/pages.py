"""What each page shows: plain data for the templates, from the rows of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from pipelines.prevalence.method import Method
from pipelines.release.estimation import Methods, by_period, estimated_in
from pipelines.release.periods import MONTHS_IN_QUARTER, is_quarter, months_of
from pipelines.release.places import NATIONAL
from pipelines.release.rows import ChallengeRow, HabitRow, ImpactRow, TrendRow
from pipelines.release.training import Training
from pipelines.report.charts import TrendKind
from pipelines.report.findings import Finding, find, period_name
from pipelines.report.names import Category, Force

WIDE_GAP = 0.25  # of the axis
HABIT_TITLES = {
    "time_of_day": "Time of day",
    "day_of_week": "Weekday or weekend",
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
    trainings: Sequence[Training]
    manifest: dict[str, Any]
    forces: dict[str, Force]
    categories: dict[str, Category]

    @cached_property
    def months(self) -> list[str]:
        return sorted({row.period for row in self.trends if not is_quarter(row.period)})

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

    def has_figures(self, force: str) -> bool:
        """Whether anything is published about ``force``."""
        return any(r.force_code == force and r.messages is not None for r in self.trends)


def quarters_tell_more(shown: Sequence[str]) -> bool:
    """Whether quarters among the periods ``shown`` tell of more than twice the months there."""
    quarters = sum(map(is_quarter, shown))
    return MONTHS_IN_QUARTER * quarters > 2 * (len(shown) - quarters)


@dataclass(frozen=True, slots=True)
class Panel:
    """One category on one page: its chart's data, its finding and its table."""

    category: Category
    rows: Sequence[TrendRow]
    finding: Finding
    kind: TrendKind
    data: dict[str, list[dict[str, Any]]]
    quarterly: bool


@dataclass(frozen=True, slots=True)
class HabitPanel:
    """One habit of one month on one page."""

    code: str
    title: str
    rows: Sequence[HabitRow]

    @property
    def period(self) -> str:
        return self.rows[0].period

    @property
    def sentence(self) -> str:
        """Shares in words: the alt text."""
        shares = [f"{row.value} {(row.estimate_per_1000 or 0) / 10:.0f}%" for row in self.rows]
        return ", ".join(shares) + "."

    @property
    def data(self) -> dict[str, list[dict[str, Any]]]:
        """Shares in per cent, as the habit chart reads them."""
        return {
            "rows": [
                {
                    "label": row.value,
                    "share": (row.estimate_per_1000 or 0) / 10,
                    "low": (row.low or 0) / 10,
                    "high": (row.high or 0) / 10,
                }
                for row in self.rows
            ]
        }


def panel(content: Content, force: str, category: Category) -> Panel:
    """The panel of ``category`` for ``force``."""
    quarterly = content.is_quarterly(force, category.code)
    rows = content.series(force, category.code, quarterly)
    beside = content.series(NATIONAL, category.code, quarterly)
    national = beside if force != NATIONAL else []
    data = {
        "rows": chart_rows(rows, national),
        "gaps": gaps({row.period: row.estimate_per_1000 for row in rows}),
        "trainings": training_marks(content, force),
    }
    kind = trend_kind(force, any(row.estimate_per_1000 is not None for row in national))
    return Panel(category, rows, find(rows, content.methods(category.code)), kind, data, quarterly)


def trend_kind(force: str, compared: bool) -> TrendKind:
    """What a series of ``force`` is drawn beside; ``compared`` if there are national figures."""
    if force == NATIONAL:
        return TrendKind.NATIONAL
    return TrendKind.COMPARED if compared else TrendKind.FORCE


def chart_rows(rows: Sequence[TrendRow], national: Sequence[TrendRow]) -> list[dict[str, Any]]:
    """A trend's points."""
    beside = {row.period: row.estimate_per_1000 for row in national}
    times = points({row.period: row.estimate_per_1000 for row in rows})
    return [
        {
            **point,
            "low": row.low,
            "high": row.high,
            "messages": row.messages,
            "contributors": row.contributors,
            "national": beside.get(row.period),
        }
        for row, point in zip(rows, times, strict=True)
    ]


def points(figures: Mapping[str, float | None]) -> list[dict[str, Any]]:
    """Figures by period as points mid-period, where its messages lie relative to a training."""
    shown = [figure is not None for figure in figures.values()]
    return [
        {
            "month": f"{months_of(period)[len(months_of(period)) // 2]}-15",
            "month_name": period_name(period),
            "estimate": figure,
            "alone": shown[i] and not any(shown[max(i - 1, 0) : i] + shown[i + 1 : i + 2]),
        }
        for i, (period, figure) in enumerate(figures.items())
    ]


def gaps(figures: Mapping[str, float | None]) -> list[dict[str, Any]]:
    """Runs of periods without a figure; ``wide`` ones have room for a level label."""
    found = []
    for missing, run in groupby(figures, key=lambda period: figures[period] is None):
        periods = list(run)
        if missing:
            start = date.fromisoformat(f"{months_of(periods[0])[0]}-01")
            last = date.fromisoformat(f"{months_of(periods[-1])[-1]}-01")
            end = (last + timedelta(days=31)).replace(day=1)
            found.append(
                {
                    "start": start.isoformat(),
                    "middle": (start + (end - start) / 2).isoformat(),
                    "end": end.isoformat(),
                    "wide": len(periods) >= WIDE_GAP * len(figures),
                }
            )
    return found


def training_marks(content: Content, force: str) -> list[dict[str, str]]:
    """Training programmes within the release's months; every force's on the national page."""
    months = content.months
    return [
        {**asdict(training), "force": content.forces[training.force_code].name}
        for training in content.trainings
        if force in (NATIONAL, training.force_code)
        and months[0] <= training.start[:7] <= months[-1]
    ]


def habit_panels(content: Content, force: str) -> list[HabitPanel]:
    """Each habit of the latest month in which any habit of ``force`` is published."""
    shown = [
        row
        for row in content.habits
        if row.force_code == force and row.estimate_per_1000 is not None
    ]
    period = max((row.period for row in shown), default=None)
    rows = {
        habit: [r for r in shown if (r.habit, r.period) == (habit, period)]
        for habit in HABIT_TITLES
    }
    return [
        HabitPanel(habit, HABIT_TITLES[habit], found)
        for habit, found in rows.items()
        if len(found) > 1  # one value is all messages
    ]


def impact(content: Content, force: str) -> list[ImpactRow]:
    """Comparisons of ``force`` in the taxonomy's order."""
    order = list(content.categories)
    rows = [row for row in content.impact if row.force_code == force]
    return sorted(rows, key=lambda row: (row.start, order.index(row.category)))


def latest_denominator(content: Content, force: str) -> TrendRow | None:
    """A row of the latest period whose messages are published, a month before its quarter."""
    rows = [r for r in content.trends if r.force_code == force and r.messages is not None]
    return max(
        rows, key=lambda r: (months_of(r.period)[-1], not is_quarter(r.period)), default=None
    )
