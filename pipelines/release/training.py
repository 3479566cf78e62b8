"""The public training calendar, and each category's published months before and after.

Everything here is made from published rows, so it discloses nothing that they do not.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.prevalence.method import Basis, pooled
from pipelines.release.estimation import Methods
from pipelines.release.periods import is_quarter
from pipelines.release.rounding import Rate, estimate
from pipelines.release.rows import NOT_AVAILABLE, SUPPRESSED, ImpactRow, TrendRow

WINDOW_MONTHS = 6  # months compared on each side of a programme, where published


@dataclass(frozen=True, slots=True)
class Training:
    """A programme a force ran, from ``start`` to ``end`` (ISO dates, both included)."""

    force_code: str
    programme: str
    start: str
    end: str


def read_trainings(path: Path) -> list[Training]:
    """The rows of a training calendar (``force_code,programme,start,end``)."""
    with path.open(newline="", encoding="utf-8") as file:
        return [Training(**row) for row in csv.DictReader(file)]


def impact_rows(
    trends: Sequence[TrendRow], trainings: Sequence[Training], methods: Mapping[str, Methods]
) -> Iterator[ImpactRow]:
    """One row a programme and category that has a month on either side, published or not.

    ``methods`` are those each period was estimated by.
    """
    rows: dict[tuple[str, str], list[TrendRow]] = {}
    for row in (row for row in trends if not is_quarter(row.period)):
        rows.setdefault((row.force_code, row.category), []).append(row)
    for training in trainings:
        for (force, category), series in rows.items():
            if force == training.force_code:
                yield _compare(training, category, series, methods)


def why_missing(months: Sequence[str]) -> Callable[[ImpactRow, str], str]:
    """The shorthand of a side without a figure: ``[x]`` where a release of ``months`` has no month
    on that side at all (anybody can see that), else ``[c]``.
    """

    def missing(row: ImpactRow, name: str) -> str:
        if name.startswith("before"):
            there = any(month < row.start[:7] for month in months)
        else:
            there = any(month > row.end[:7] for month in months)
        return SUPPRESSED if there else NOT_AVAILABLE

    return missing


def _compare(
    training: Training,
    category: str,
    series: Sequence[TrendRow],
    methods: Mapping[str, Methods],
) -> ImpactRow:
    before = [row for row in series if row.period < training.start[:7]][-WINDOW_MONTHS:]
    after = [row for row in series if row.period > training.end[:7]][:WINDOW_MONTHS]
    calibrated = all(row.basis == Basis.CALIBRATED for row in (*before, *after))
    return ImpactRow(
        training.force_code,
        training.programme,
        training.start,
        training.end,
        category,
        *_side(before, methods),
        *_side(after, methods),
        (Basis.CALIBRATED if calibrated else Basis.UNCALIBRATED).value,
    )


def _side(
    rows: Sequence[TrendRow], methods: Mapping[str, Methods]
) -> tuple[int, float | None, float | None, float | None]:
    """Published months, and their pooled estimate. People recur: they are those of the month with
    most."""
    published = [row for row in rows if row.estimate_per_1000 is not None]
    found = _pooled(published, methods) if published else None
    return (
        len(published),
        found.estimate if found else None,
        found.low if found else None,
        found.high if found else None,
    )


def _pooled(rows: Sequence[TrendRow], methods: Mapping[str, Methods]) -> Rate:
    messages = [row.messages or 0 for row in rows]
    used = pooled([methods[row.period][row.category] for row in rows], messages)
    part = sum(row.flagged or 0 for row in rows)
    people = max(row.contributors or 0 for row in rows)
    return estimate(part, sum(messages), people, used)
