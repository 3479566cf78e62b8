"""Coarser before blank, counted from rows: what stands in for a withheld month and category."""

from __future__ import annotations

from pipelines.release.fallback import FallbackCounts, count_fallbacks
from pipelines.release.periods import months_between, months_of, quarter_of, whole_quarters
from pipelines.release.places import Places
from pipelines.release.rows import TrendRow

PLACES = Places({"A": "R", "B": "R"})


def test_each_withheld_cell_counts_under_every_fallback_that_tells_of_it() -> None:
    rows = [
        *shown("2026-01", "A", {"ANY": True, "DISC": True, "OPS": False, "SEXM": False}),
        *shown("2026-02", "A", {"ANY": False, "DISC": False, "OPS": False, "SEXM": False}),
        *shown("2026-Q1", "A", {"ANY": True, "DISC": True, "OPS": False, "SEXM": False}),
        *shown("2026-01", "R", {"ANY": True, "DISC": True, "OPS": True, "SEXM": False}),
        *shown("2026-02", "B", {"DISC": False}, messages=None),  # nothing known of B: not counted
    ]
    assert count_fallbacks(rows, PLACES) == FallbackCounts(
        cells=6,
        published=1,  # DISC in January
        merged=2,  # OPS and SEXM in January
        quarter=1,  # DISC in February
        region=1,  # OPS in January
        blank=2,  # OPS and SEXM in February
    )


def test_periods() -> None:
    assert quarter_of("2026-12") == "2026-Q4"
    assert months_of("2026-Q2") == ("2026-04", "2026-05", "2026-06")
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert whole_quarters(["2025-12", "2026-01", "2026-02", "2026-03"]) == ["2026-Q1"]


def shown(
    period: str, place: str, figures: dict[str, bool], messages: int | None = 500
) -> list[TrendRow]:
    """Rows of one place and period, with a figure or without."""
    return [
        TrendRow(
            period,
            place,
            c,
            *((10.0, 5.0, 15.0) if there else (None,) * 3),
            messages,
            20,
            "uncalibrated",
            5 if there else None,
        )
        for c, there in figures.items()
    ]
