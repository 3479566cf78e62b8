"""Coarser before blank: what a reader still gets of a force's month and category, and how.

The declared order, once a force's monthly rate of a category fails: all risky content of that
month (``merged``), the category over the quarter (``quarter``), the category in the force's region
over the month or quarter (``region``), and only then nothing. The challenge rate, of all risky
content already, has no category to merge into: its coarser figures are the quarter and the region.

Everything here is counted from published rows, so it discloses nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.release.cells import ANY_RISK, CHALLENGE, Cell
from pipelines.release.periods import is_quarter, quarter_of
from pipelines.release.places import Places
from pipelines.release.rows import ChallengeRow, TrendRow

FALLBACKS = ("merged", "quarter", "region")

Rate = tuple[str, Cell]
"""A category, or the challenge rate, of a place in a period."""


@dataclass(frozen=True, slots=True)
class FallbackCounts:
    """Cells (a force, month and category, or its challenge rate): those published, and what is
    left of the others.

    A withheld cell counts under every fallback that tells of it, and under ``blank`` where none
    does. Only forces with any figure count: the others would be counted whether or not anybody
    there volunteered.
    """

    cells: int

    published: int
    merged: int
    quarter: int
    region: int
    blank: int


def count_fallbacks(
    trends: Sequence[TrendRow], challenge: Sequence[ChallengeRow], places: Places
) -> FallbackCounts:
    """How much each fallback saved, over all months of these rows."""
    rates: dict[Rate, float | None] = {
        (row.category, Cell(row.period, row.force_code)): row.estimate_per_1000 for row in trends
    } | {(CHALLENGE, Cell(row.period, row.force_code)): row.share for row in challenge}
    shown = {rate for rate, figure in rates.items() if figure is not None}
    seen = {row.force_code for row in trends if row.messages is not None} & set(places.forces)
    counts = dict.fromkeys(("cells", "published", *FALLBACKS, "blank"), 0)
    for category, cell in rates:
        if cell.place in seen and category != ANY_RISK and not is_quarter(cell.period):
            counts["cells"] += 1
            for level in _levels(category, cell, shown, places):
                counts[level] += 1
    return FallbackCounts(**counts)


def _levels(category: str, cell: Cell, shown: set[Rate], places: Places) -> list[str]:
    """What tells of a force's month and category: itself, else fallbacks, else nothing."""
    if (category, cell) in shown:
        return ["published"]
    month, force = cell
    quarter, region = quarter_of(month), places.region_of[force]
    ladder = {
        "merged": set() if category == CHALLENGE else {(ANY_RISK, cell)},
        "quarter": {(category, Cell(quarter, force))},
        "region": {(category, Cell(period, region)) for period in (month, quarter)},
    }
    return [step for step, cells in ladder.items() if shown & cells] or ["blank"]
