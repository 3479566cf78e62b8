"""Messaging habits: what the latest month's messages are, and when they are sent over time."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.release.rows import HabitRow
from pipelines.report.charts import Kind
from pipelines.report.figure import LIMITS, PERIOD, Column, Figure
from pipelines.report.findings import period_name
from pipelines.report.pages import Content, HabitPanel, habit_rows
from pipelines.report.trends import WITHHELD

OVER_TIME = {
    "time_of_day": "Time of day, month by month",
    "day_of_week": "Weekday or weekend, month by month",
}
COLUMNS = (Column("value", "Messages"), Column("estimate_per_1000", "Per 1,000"), *LIMITS)


def habit_figure(panel: HabitPanel) -> Figure:
    """A habit of the latest month."""
    return Figure(
        id=f"habit-{panel.code}",
        title=panel.title,
        finding=panel.sentence,
        kind=Kind("habit", values=(str(len(panel.rows)),)),
        columns=COLUMNS,
        rows=[{c.name: getattr(row, c.name) for c in COLUMNS} for row in panel.rows],
    )


def habits_over_time(content: Content, place: str) -> list[Figure]:
    """When messages were sent, month by month, where two months or more are published."""
    found = []
    for habit in OVER_TIME:
        rows = [row for row in habit_rows(content, place) if row.habit == habit]
        months = {row.period for row in rows if row.estimate_per_1000 is not None}
        if len(months) > 1:
            found.append(_heat(habit, rows, content.months))
    return found


def _heat(habit: str, rows: Sequence[HabitRow], months: Sequence[str]) -> Figure:
    """One row a month; a column a value, so that a year is read down and a day across."""
    values = tuple(dict.fromkeys(row.value for row in rows))
    rates = {(row.period, row.value): row.estimate_per_1000 for row in rows}
    drawn = [
        {"period": month, **{value: rates.get((month, value)) for value in values}}
        for month in months
    ]
    withheld = any(all(row[value] is None for value in values) for row in drawn)
    return Figure(
        id=f"over-time-{habit}",
        title=OVER_TIME[habit],
        finding=heat_finding(values, drawn),
        kind=Kind("heat", values=values),
        columns=(PERIOD, *(Column(value, f"{value}, per 1,000") for value in values)),
        rows=drawn,
        gap=values[0],
        notes=(WITHHELD,) if withheld else (),
    )


def heat_finding(values: Sequence[str], rows: Sequence[dict[str, float | str | None]]) -> str:
    """Which value most messages have in the latest month, and how that share moved.

    ``rows`` have a ``period`` and a rate per 1,000 for each of ``values``; at least one is whole.
    """
    whole = [row for row in rows if all(row[value] is not None for value in values)]
    rated = [(str(row["period"]), {v: float(row[v] or 0) for v in values}) for row in whole]
    period, latest = rated[-1]
    most = max(values, key=lambda value: latest[value])
    low, high = (_per_cent(pick(rates[most] for _, rates in rated)) for pick in (min, max))
    moved = f"between {low} and {high}" if low != high else low
    return (
        f"Most messages in {period_name(period)}: {most}, {_per_cent(latest[most])}; {moved} in "
        f"the {len(rated)} months published."
    )


def _per_cent(rate: float) -> str:
    return f"{rate / 10:.0f}%"
