"""Coarser before blank: what a reader still gets of a force's month and category, and how.

The declared order, once a force's monthly rate of a category fails: all risky content of that
month (``merged``), the category over the quarter (``quarter``), the category in the force's region
over the month or quarter (``region``), and only then nothing.

Everything here is counted from published rows, so it discloses nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.release.cells import ANY_RISK, Cell
from pipelines.release.periods import is_quarter, quarter_of
from pipelines.release.places import Places
from pipelines.release.rows import TrendRow

FALLBACKS = ("merged", "quarter", "region")


@dataclass(frozen=True, slots=True)
class FallbackCounts:
    """Cells (a force, month and category): those published, and what is left of the others.

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


def count_fallbacks(rows: Sequence[TrendRow], places: Places) -> FallbackCounts:
    """How much each fallback saved, over all months of ``rows``."""
    shown = {
        (row.category, Cell(row.period, row.force_code))
        for row in rows
        if row.estimate_per_1000 is not None
    }
    seen = {row.force_code for row in rows if row.messages is not None} & set(places.forces)
    counts = dict.fromkeys(("cells", "published", *FALLBACKS, "blank"), 0)
    for row in rows:
        if row.force_code in seen and row.category != ANY_RISK and not is_quarter(row.period):
            counts["cells"] += 1
            for level in _levels(row, shown, places):
                counts[level] += 1
    return FallbackCounts(**counts)


def _levels(row: TrendRow, shown: set[tuple[str, Cell]], places: Places) -> list[str]:
    """What tells of a force's month and category: itself, else fallbacks, else nothing."""
    month, force, category = row.period, row.force_code, row.category
    if (category, Cell(month, force)) in shown:
        return ["published"]
    quarter, region = quarter_of(month), places.region_of[force]
    ladder = {
        "merged": {(ANY_RISK, Cell(month, force))},
        "quarter": {(category, Cell(quarter, force))},
        "region": {(category, Cell(period, region)) for period in (month, quarter)},
    }
    return [step for step, cells in ladder.items() if shown & cells] or ["blank"]
