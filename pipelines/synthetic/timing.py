"""When a response team writes: bursts around shifts. Times are local wall-clock seconds, counted
from 1 January of year 1 (``date.toordinal`` days), so that no time zone work is done a message.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random

DAY = 86_400
HOUR = 3_600
# Two earlies, two lates, two nights, four rest days.
CYCLE = ("early", "early", "late", "late", "night", "night", "rest", "rest", "rest", "rest")
DAY_WEIGHTS = {"early": 1.0, "late": 1.0, "night": 0.9, "rest": 0.45}
# Relative activity by hour 0-23: handover, meal breaks and the end of a shift are busiest.
HOUR_WEIGHTS: dict[str, tuple[int, ...]] = {
    "early": (0, 0, 0, 0, 1, 4, 9, 8, 5, 5, 6, 6, 7, 6, 8, 7, 5, 4, 3, 3, 3, 2, 1, 0),
    "late": (1, 1, 0, 0, 0, 0, 1, 2, 3, 3, 4, 4, 5, 6, 9, 8, 6, 6, 6, 7, 6, 5, 6, 6),
    "night": (6, 6, 6, 5, 5, 6, 7, 4, 1, 0, 0, 0, 1, 2, 3, 4, 4, 5, 5, 5, 6, 8, 9, 7),
    "rest": (1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 5, 4, 4, 5, 5, 6, 7, 8, 8, 7, 5, 2),
}
CUMULATIVE = {shift: tuple(accumulate(weights)) for shift, weights in HOUR_WEIGHTS.items()}


def month_days(month: str) -> range:
    """Ordinals of the days of ``YYYY-MM``."""
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    return range(first.toordinal(), after.toordinal())


def burst_starts(rng: Random, month: str, offset: int, count: int) -> list[int]:
    """``count`` moments in the month at which someone starts talking, in order."""
    days = month_days(month)
    shifts = [CYCLE[(day + offset) % len(CYCLE)] for day in days]
    chosen = rng.choices(range(len(days)), [DAY_WEIGHTS[shift] for shift in shifts], k=count)
    return sorted(_moment(rng, days[index], shifts[index]) for index in chosen)


def month_end(month: str) -> int:
    """The last second of the month."""
    return month_days(month).stop * DAY - 1


def missing_hour(month: str) -> tuple[int, int] | None:
    """The hour British clocks skip (the last Sunday of March, 01:00 to 02:00), if in ``month``."""
    days = month_days(month)
    if date.fromordinal(days.start).month != 3:
        return None
    sunday = max(day for day in days if date.fromordinal(day).isoweekday() == 7)
    return sunday * DAY + HOUR, sunday * DAY + 2 * HOUR


def _moment(rng: Random, day: int, shift: str) -> int:
    weights: Sequence[int] = CUMULATIVE[shift]
    hour = bisect(weights, rng.random() * weights[-1])
    return day * DAY + hour * HOUR + int(rng.random() * HOUR)
