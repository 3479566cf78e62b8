"""Coarser before blank, counted from rows: what stands in for a withheld month and category."""

from __future__ import annotations

from pipelines.release.fallback import FallbackCounts, count_fallbacks
from pipelines.release.periods import months_between, months_of, quarter_of, whole_quarters
from pipelines.release.places import Places
from pipelines.release.rows import ChallengeRow, TrendRow

PLACES = Places({"A": "R", "B": "R"})


def test_each_withheld_cell_counts_under_every_fallback_that_tells_of_it() -> None:
    rows = [
        *shown("2026-01", "A", {"ANY": True, "DISC": True, "OPS": False, "SEXM": False}),
        *shown("2026-02", "A", {"ANY": False, "DISC": False, "OPS": False, "SEXM": False}),
        *shown("2026-Q1", "A", {"ANY": True, "DISC": True, "OPS": False, "SEXM": False}),
        *shown("2026-01", "R", {"ANY": True, "DISC": True, "OPS": True, "SEXM": False}),
        *shown("2026-02", "B", {"DISC": False}, messages=None),  # nothing known of B: not counted
    ]
    assert count_fallbacks(rows, [], PLACES) == FallbackCounts(
        cells=6,
        published=1,  # DISC in January
        merged=2,  # OPS and SEXM in January
        quarter=1,  # DISC in February
        region=1,  # OPS in January
        blank=2,  # OPS and SEXM in February
    )


def test_a_challenge_rate_falls_back_to_the_quarter_and_the_region_alone() -> None:
    """All risky content is no coarser figure of it: it is what the rate is of."""
    months = {"2026-01": True, "2026-02": False, "2026-03": False, "2026-04": False}
    challenge = [
        *(answered(month, "A", there) for month, there in months.items()),
        answered("2026-Q1", "A", True),
        answered("2026-02", "R", True),
        answered("2026-01", "B", False),  # nothing known of B: not counted
    ]
    trends = [row for month in months for row in shown(month, "A", {"ANY": True})]
    assert count_fallbacks(trends, challenge, PLACES) == FallbackCounts(
        cells=4,
        published=1,  # January
        merged=0,
        quarter=2,  # February and March
        region=1,  # February
        blank=1,  # April
    )


def test_periods() -> None:
    assert quarter_of("2026-12") == "2026-Q4"
    assert months_of("2026-Q2") == ("2026-04", "2026-05", "2026-06")
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert whole_quarters(["2025-12", "2026-01", "2026-02", "2026-03"]) == ["2026-Q1"]


def answered(period: str, place: str, there: bool) -> ChallengeRow:
    """The challenge rate of one place and period, with a figure or without."""
    figures = (40.0, 30.0, 50.0) if there else (None,) * 3
    return ChallengeRow(period, place, *figures, 50, "uncalibrated", 20 if there else None)


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
