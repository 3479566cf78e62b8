"""The one page of a private release: national series with noise, and what the noise promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

from pipelines.release.periods import months_between
from pipelines.release.rows import NOT_APPLICABLE, PrivateRow
from pipelines.report.charts import Kind
from pipelines.report.figure import PERIOD, Column, Figure
from pipelines.report.findings import Change, per_1000, period_name
from pipelines.report.names import Category

NOT_COMPARABLE = "Not comparable"
COLUMNS = (
    PERIOD,
    *(
        Column(name, title, NOT_APPLICABLE)
        for name, title in (
            ("estimate_per_1000", "Per 1,000"),
            ("low", "Low"),
            ("high", "High"),
        )
    ),
    Column("messages", "Messages, with noise"),
)
DELTA = 1e-6  # below one in the number of volunteers there could be; the page says it


@dataclass(frozen=True, slots=True)
class Series:
    """One category's rows in order of month. ``sentence`` is its finding and its alt text."""

    category: Category
    rows: Sequence[PrivateRow]
    change: Change
    sentence: str

    @property
    def latest(self) -> PrivateRow:
        return self.rows[-1]

    @property
    def figure(self) -> Figure:
        """The chart and table of the months drawn; a month between them that is not is a gap."""
        return Figure(
            id=self.category.code,
            title=self.category.name,
            finding=self.sentence,
            kind=Kind("private"),
            columns=COLUMNS,
            rows=[{c.name: getattr(row, c.name) for c in COLUMNS} for row in self.rows],
            gap="estimate_per_1000",
            of=self.category.code,
            protective=self.category.protective,
        )

    @property
    def verdict(self) -> str:
        """How first and latest month compare."""
        return NOT_COMPARABLE if self.change is Change.NONE else self.change.value


def private_page(
    rows: Sequence[PrivateRow], categories: dict[str, Category], manifest: dict[str, Any]
) -> dict[str, Any]:
    """What ``private.html.j2`` shows of a release's rows."""
    months = _months(rows)
    series = [_series(category, rows) for category in categories.values()]
    drawn = {row.period for row in rows}
    shown = [one for one in series if one is not None]
    return {
        "series": shown,
        "months": months,
        "drawn": sorted(drawn),
        "missing": [month for month in months if month not in drawn],
        "latest": shown[0].latest,
        "rate": noisy_rate,
        "privacy": manifest["privacy"],
        "epsilon": epsilon(manifest["privacy"]["rho_spent"]),
    }


def epsilon(rho: float, delta: float = DELTA) -> float:
    """The epsilon of (epsilon, delta)-differential privacy that ``rho`` of zCDP gives: Bun and
    Steinke 2016, proposition 1.3.
    """
    return rho + 2 * sqrt(rho * log(1 / delta))


def noisy_rate(value: float | None) -> str:
    """A rate for reading; ``[z]`` where there is none."""
    return NOT_APPLICABLE if value is None else per_1000(value)


def _series(category: Category, rows: Sequence[PrivateRow]) -> Series | None:
    """``None`` for a category that private releases do not have, such as all risky content."""
    own = sorted((r for r in rows if r.category == category.code), key=lambda row: row.period)
    if not own:
        return None
    change = _change(own[0], own[-1])
    return Series(category, own, change, _sentence(own, change))


def _change(first: PrivateRow, latest: PrivateRow) -> Change:
    """Intervals that overlap are no clear change: the noise may be all of it."""
    if first.low is None or first.high is None or latest.low is None or latest.high is None:
        return Change.NONE
    if latest.low > first.high:
        return Change.HIGHER
    return Change.LOWER if latest.high < first.low else Change.UNCLEAR


def _sentence(rows: Sequence[PrivateRow], change: Change) -> str:
    first, latest = rows[0], rows[-1]
    if first is latest:
        return f"{_said(latest)}, the only month drawn."
    both = f"{_said(first)}, {_said(latest)}."
    if change is Change.NONE:
        return f"{NOT_COMPARABLE}: {both}"
    return f"{change}{'' if change is Change.UNCLEAR else ' than at the start'}: {both}"


def _said(row: PrivateRow) -> str:
    month = period_name(row.period)
    if row.estimate_per_1000 is None:
        return f"no rate in {month}"
    interval = f"95% interval of the noise {noisy_rate(row.low)} to {noisy_rate(row.high)}"
    return f"{noisy_rate(row.estimate_per_1000)} per 1,000 ({interval}) in {month}"


def _months(rows: Sequence[PrivateRow]) -> list[str]:
    """Every month from the first to the last, drawn or not."""
    periods = [row.period for row in rows]
    return months_between(min(periods), max(periods))
