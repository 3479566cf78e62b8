"""When in the week people write: a heat map of one month's days and times of the day.

A month has more weekdays than weekend days, so shares are divided by how many such days it has:
else every weekday would look busy.
"""

from __future__ import annotations

from calendar import SATURDAY, monthrange
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from pipelines.release.cells import margins_of
from pipelines.release.rows import HabitRow
from pipelines.report.charts import Kind
from pipelines.report.figure import Column, Figure, Value
from pipelines.report.findings import period_name
from pipelines.report.habits import COLUMNS
from pipelines.report.pages import HABIT_TITLES, TIME_OF_WEEK, Content, habit_rows
from pipelines.report.trends import WITHHELD

EACH_DAY = Column("each_day", "Per 1,000, on each such day")
EACH_SUCH_DAY = "A month has more weekdays than weekend days, so they are compared day by day."


def week_figure(content: Content, place: str, month: str) -> Figure | None:
    """The week of ``place`` in a month; ``None`` where that was published before weeks were."""
    rows = [row for row in habit_rows(content, place) if row.habit == TIME_OF_WEEK]
    drawn = [_row(row, days_of(month)) for row in rows if row.period == month]
    if not drawn:
        return None
    withheld = any(row["each_day"] is None for row in drawn)
    return Figure(
        id=f"habit-{TIME_OF_WEEK}",
        title=HABIT_TITLES[TIME_OF_WEEK],
        finding=week_finding(month, drawn),
        kind=Kind("week"),
        columns=(*COLUMNS, EACH_DAY),
        rows=drawn,
        notes=(WITHHELD,) if withheld else (EACH_SUCH_DAY,),
    )


def days_of(month: str) -> dict[str, int]:
    """How many weekdays and weekend days a month (``YYYY-MM``) has."""
    year, number = map(int, month.split("-"))
    first, length = monthrange(year, number)
    weekend = sum((first + day) % 7 >= SATURDAY for day in range(length))
    return {"weekday": length - weekend, "weekend": weekend}


def week_finding(month: str, rows: Sequence[Mapping[str, Value]]) -> str:
    """The busiest and the quietest time, of ``rows`` with a ``value`` and what it has ``each_day``,
    or that they are withheld.
    """
    each = {str(row["value"]): row["each_day"] for row in rows}
    known = {value: float(n) for value, n in each.items() if n is not None}
    name = period_name(month)
    if len(known) < len(each):
        return f"Not enough data in {name} of days and times of the day together."
    most, least = (pick(known, key=known.__getitem__) for pick in (max, min))
    return (
        f"In {name} the busiest time of a day was {most}: of 1,000 messages "
        f"{one_decimal(known[most])} on each such day. "
        f"The quietest was {least}: {one_decimal(known[least])}."
    )


def one_decimal(each_day: float) -> str:
    """With one decimal, as the chart rounds: a half is rounded up."""
    return str(Decimal(each_day).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _row(row: HabitRow, days: Mapping[str, int]) -> dict[str, Value]:
    (_, day), (_, time) = margins_of(row.value)
    rate = row.estimate_per_1000
    each_day = None if rate is None else rate / days[day]
    figures = {column.name: getattr(row, column.name) for column in COLUMNS}
    return {**figures, EACH_DAY.name: each_day, "day": day, "time": time}
