"""The charts of the PDFs as shapes: everything in fractions of the plot, for typst to draw.

Drawn in the document itself, in its own letters: some six hundred a release take a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, floor, log10
from typing import Any

from pipelines.release.periods import months_of
from pipelines.release.training import Training

LABELS_PER_AXIS = 4
STEPS = (1, 2, 2.5, 5, 10)  # between two ticks, times a power of ten
WIDE_GAP = 0.3  # of the plot; narrower ones have no room for words


@dataclass(frozen=True, slots=True)
class Point:
    """A figure and its 95% interval in one period, each ``None`` where it is not published."""

    period: str
    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Axis:
    """Time from the start of the first month to the end of the last."""

    months: Sequence[str]

    def at(self, day: date) -> float:
        """Where a day lies, from 0 to 1."""
        start, end = _first_day(self.months[0]), _day_after(self.months[-1])
        return min(max((day - start) / (end - start), 0.0), 1.0)

    def span(self, period: str) -> tuple[float, float]:
        """Where a month or quarter starts and ends."""
        months = months_of(period)
        return self.at(_first_day(months[0])), self.at(_day_after(months[-1]))

    def middle(self, period: str) -> float:
        """Where a period's figure stands."""
        return sum(self.span(period)) / 2

    def labels(self) -> list[tuple[float, str]]:
        """A few months by name, from the first on."""
        step = ceil(len(self.months) / LABELS_PER_AXIS)
        starts = map(_first_day, self.months[::step])
        return [(self.at(start), start.strftime("%b %Y")) for start in starts]


def chart(
    points: Sequence[Point],
    axis: Axis,
    *,
    beside: Mapping[str, float | None] | None = None,
    trainings: Iterable[Training] = (),
    spans: bool = False,
) -> dict[str, Any]:
    """One series with its intervals; ``beside`` is a second one by period, without.

    Trainings are drawn as ``spans`` of time, or as ticks where they are many forces'.
    """
    other = [(period, value) for period, value in (beside or {}).items() if value is not None]
    highest = max(
        [p.high for p in points if p.high is not None] + [value for _, value in other],
        default=0.0,
    )
    ticks = _ticks(highest)
    top = ticks[-1]
    return {
        "runs": [[_shown(point, axis, top) for point in run] for run in _runs(points, known=True)],
        "gaps": [_gap(run, axis) for run in _runs(points, known=False)],
        "beside": _lines(beside or {}, axis, top),
        "trainings": [
            (axis.at(date.fromisoformat(t.start)), axis.at(date.fromisoformat(t.end)))
            for t in trainings
            if axis.months[0] <= t.start[:7] <= axis.months[-1]
        ],
        "spans": spans,
        "ticks": [(tick / top, f"{tick:g}") for tick in ticks],
        "months": axis.labels(),
    }


def _shown(point: Point, axis: Axis, top: float) -> dict[str, float]:
    heights = {"y": point.estimate, "low": point.low, "high": point.high}
    at = {name: (value or 0.0) / top for name, value in heights.items()}
    return {"x": axis.middle(point.period), **at}


def _runs(points: Sequence[Point], known: bool) -> list[list[Point]]:
    """Runs of periods with a figure, or without."""
    runs = groupby(points, key=lambda point: point.estimate is not None)
    return [list(run) for shown, run in runs if shown == known]


def _gap(run: Sequence[Point], axis: Axis) -> tuple[float, float, bool]:
    start, end = axis.span(run[0].period)[0], axis.span(run[-1].period)[1]
    return start, end, end - start >= WIDE_GAP


def _lines(
    series: Mapping[str, float | None], axis: Axis, top: float
) -> list[list[dict[str, float]]]:
    points = [Point(period, value, None, None) for period, value in series.items()]
    return [[_shown(point, axis, top) for point in run] for run in _runs(points, known=True)]


def _ticks(highest: float) -> list[float]:
    """Round figures from zero to above ``highest``, three or four."""
    least = highest / 3 or 1.0
    power = 10.0 ** floor(log10(least))
    step = power * next(step for step in STEPS if step * power >= least * (1 - 1e-9))
    return [n * step for n in range(max(1, ceil(highest / step - 1e-9)) + 1)]


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _day_after(month: str) -> date:
    year, number = (int(part) for part in month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1)
