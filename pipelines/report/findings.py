"""What a series shows, in a sentence: the alt text of its chart and the line above it.

Plain and uncausal: two intervals that overlap are "no clear change", whatever their middles do.
Which intervals: where the same error rates corrected both periods, those of the flags. An error in
the rates moves both estimates alike, so it blurs their level and not which is higher.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipelines.prevalence.estimate import Limits
from pipelines.prevalence.method import Method
from pipelines.release.periods import is_quarter, months_of
from pipelines.release.rows import TrendRow

WHY = (
    "fewer than 10 people stand behind the figure, one or two people's messages dominate it, or "
    "publishing it would reveal another figure"
)


class Change(StrEnum):
    HIGHER = "Higher"
    LOWER = "Lower"
    UNCLEAR = "No clear change"
    NONE = "Not enough data"


@dataclass(frozen=True, slots=True)
class Finding:
    """First and latest published period of a series, how they compare, and that in a sentence."""

    first: TrendRow | None
    latest: TrendRow | None
    change: Change
    withheld: int
    sentence: str


def find(rows: Sequence[TrendRow], methods: Mapping[str, Method]) -> Finding:
    """The finding of one force and category's rows, in order of period.

    ``methods`` say how the category was estimated in each period.
    """
    shown = [row for row in rows if row.estimate_per_1000 is not None]
    withheld = len(rows) - len(shown)
    if not shown:
        return Finding(None, None, Change.NONE, withheld, f"Not enough data in any month: {WHY}.")
    first, latest = shown[0], shown[-1]
    change = _change(first, latest, methods[first.period], methods[latest.period])
    unit = "quarter" if is_quarter(latest.period) else "month"
    gaps = f" {periods_are(withheld, unit)} withheld: not enough data." if withheld else ""
    return Finding(first, latest, change, withheld, _sentence(first, latest, change) + gaps)


def period_name(period: str) -> str:
    """``2026-10`` → ``October 2026``; ``2026-Q1`` → ``January to March 2026``."""
    first, last = (date.fromisoformat(f"{months_of(period)[end]}-01") for end in (0, -1))
    name = last.strftime("%B %Y")
    return f"{first.strftime('%B')} to {name}" if is_quarter(period) else name


def per_1000(value: float | None) -> str:
    """A rate for reading: one decimal, two below 1."""
    if value is None:
        return "[c]"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _change(first: TrendRow, latest: TrendRow, then: Method, now: Method) -> Change:
    if first is latest:
        return Change.UNCLEAR
    same = then.rates == now.rates
    (low, high), (later_low, later_high) = _limits(first, then, same), _limits(latest, now, same)
    if later_low > high:
        return Change.HIGHER
    return Change.LOWER if later_high < low else Change.UNCLEAR


def _limits(row: TrendRow, method: Method, of_flags: bool) -> Limits:
    if of_flags and row.flagged is not None and row.messages and row.contributors:
        return method.flag_limits(row.flagged, row.messages, row.contributors)
    return row.low or 0.0, row.high or 0.0


def _sentence(first: TrendRow, latest: TrendRow, change: Change) -> str:
    now = f"{_rate(latest)} in {period_name(latest.period)}"
    if first is latest:
        unit = "quarter" if is_quarter(latest.period) else "month"
        return f"{now}, the only {unit} published."
    then = f"{_rate(first)} in {period_name(first.period)}"
    verdict = {
        Change.HIGHER: "Higher than at the start",
        Change.LOWER: "Lower than at the start",
    }.get(change, "No clear change")
    return f"{verdict}: {then}, {now}."


def _rate(row: TrendRow) -> str:
    low, high = per_1000(row.low), per_1000(row.high)
    return f"{per_1000(row.estimate_per_1000)} per 1,000 messages (95% interval {low} to {high})"


def periods_are(count: int, unit: str) -> str:
    """``1 month is``, ``2 months are``."""
    return f"1 {unit} is" if count == 1 else f"{count} {unit}s are"
