"""Periods a figure may be of: a month (``2026-01``) or a calendar quarter (``2026-Q1``).

Years are never figures of their own: a year is the sum of its published quarters or months.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MONTHS_IN_QUARTER = 3
PERIOD = re.compile("[0-9]{4}-(0[1-9]|1[0-2]|Q[1-4])")


def quarter_of(month: str) -> str:
    """``2026-05`` → ``2026-Q2``."""
    year, number = month.split("-")
    return f"{year}-Q{(int(number) - 1) // MONTHS_IN_QUARTER + 1}"


def is_period(said: object) -> bool:
    """Whether it is the name of a month or a quarter."""
    return isinstance(said, str) and PERIOD.fullmatch(said) is not None


def is_month(said: object) -> bool:
    """Whether it is the name of a month."""
    return is_period(said) and not is_quarter(str(said))


def is_quarter(period: str) -> bool:
    """Whether ``period`` is a quarter rather than a month."""
    return "-Q" in period


def months_of(period: str) -> tuple[str, ...]:
    """The months of a period: itself, or the quarter's three."""
    if not is_quarter(period):
        return (period,)
    year, number = period.split("-Q")
    first = MONTHS_IN_QUARTER * (int(number) - 1) + 1
    return tuple(f"{year}-{month:02d}" for month in range(first, first + MONTHS_IN_QUARTER))


def block_of(period: str) -> str:
    """The quarter a period lies in: nothing published spans two, so quarters stand apart."""
    return period if is_quarter(period) else quarter_of(period)


def whole_quarters(months: Iterable[str]) -> list[str]:
    """Quarters of which every month is among ``months``, in order."""
    given = set(months)
    return sorted(q for q in {quarter_of(m) for m in given} if given.issuperset(months_of(q)))


def months_between(first: str, last: str) -> list[str]:
    """``YYYY-MM`` from ``first`` to ``last``, both included."""
    start, end = _months_since_zero(first), _months_since_zero(last)
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, end + 1)]


def months_since(first: str, month: str) -> int:
    """How many months ``month`` is after ``first``."""
    return _months_since_zero(month) - _months_since_zero(first)


def _months_since_zero(month: str) -> int:
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1
