"""Charts of the PDFs as fractions of the plot: small series, and where they must stand."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.release.training import Training
from pipelines.report.pdf_charts import Axis, Point, chart

MONTHS = ("2025-01", "2025-02", "2025-03", "2025-04")  # 31, 28, 31, 30 days: 120
AXIS = Axis(MONTHS)
JANUARY, FEBRUARY, MARCH, APRIL = MONTHS


def point(period: str, estimate: float | None = None) -> Point:
    """A figure with an interval of one on either side."""
    if estimate is None:
        return Point(period, None, None, None)
    return Point(period, estimate, estimate - 1, estimate + 1)


def test_time_runs_from_the_first_month_to_the_end_of_the_last() -> None:
    assert AXIS.at(date(2025, 1, 1)) == 0
    assert AXIS.at(date(2025, 3, 1)) == 59 / 120
    assert AXIS.at(date(2025, 5, 1)) == 1
    assert AXIS.at(date(2026, 1, 1)) == 1, "a training that ends later is cut"
    assert AXIS.middle("2025-02") == pytest.approx(45 / 120)
    assert AXIS.span("2025-Q1") == (0, 90 / 120)


def test_a_series_breaks_where_a_figure_is_withheld() -> None:
    drawn = chart([point(JANUARY, 2), point(FEBRUARY, 5), point(MARCH), point(APRIL, 3)], AXIS)
    assert [[p["x"] for p in run] for run in drawn["runs"]] == [
        [AXIS.middle(JANUARY), AXIS.middle(FEBRUARY)],
        [AXIS.middle(APRIL)],
    ]
    assert drawn["gaps"] == [(*AXIS.span(MARCH), False)]


def test_heights_are_shares_of_the_highest_tick() -> None:
    """The interval of 5 reaches 6, so that ticks are 0, 2, 4 and 6."""
    drawn = chart([point(JANUARY, 2), point(FEBRUARY, 5)], AXIS)
    assert [label for _, label in drawn["ticks"]] == ["0", "2", "4", "6"]
    (run,) = drawn["runs"]
    assert [(p["low"], p["y"], p["high"]) for p in run] == [
        (pytest.approx(1 / 6), pytest.approx(2 / 6), pytest.approx(3 / 6)),
        (pytest.approx(4 / 6), pytest.approx(5 / 6), 1.0),
    ]


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0.0, ["0", "1"]),
        (0.51, ["0", "0.2", "0.4", "0.6"]),
        (7.0, ["0", "2.5", "5", "7.5"]),
        (30.0, ["0", "10", "20", "30"]),
        (103.3, ["0", "50", "100", "150"]),
        (999.0, ["0", "500", "1000"]),
    ],
)
def test_ticks_are_round_and_reach_the_highest(highest: float, ticks: list[str]) -> None:
    drawn = chart([Point(JANUARY, highest, highest, highest)], AXIS)
    assert [label for _, label in drawn["ticks"]] == ticks
    assert drawn["ticks"][-1][0] == 1


def test_a_series_beside_it_counts_for_the_height_and_breaks_too() -> None:
    drawn = chart(
        [point(JANUARY, 2)], AXIS, beside={JANUARY: 8.0, FEBRUARY: 4.0, MARCH: None, APRIL: 1.0}
    )
    assert drawn["ticks"][-1][1] == "10"
    assert [[p["x"] for p in run] for run in drawn["beside"]] == [
        [AXIS.middle(JANUARY), AXIS.middle(FEBRUARY)],
        [AXIS.middle(APRIL)],
    ]


def test_only_trainings_that_start_within_the_months_are_marked() -> None:
    trainings = [
        Training("E23000001", "Active Bystander", "2025-02-01", "2025-02-28"),
        Training("E23000001", "Active Bystander", "2025-05-01", "2025-05-31"),
    ]
    drawn = chart([point(JANUARY, 2)], AXIS, trainings=trainings, spans=True)
    assert drawn["trainings"] == [(31 / 120, 58 / 120)]


def test_a_gap_with_room_says_so() -> None:
    drawn = chart([point(JANUARY, 2), point(FEBRUARY), point(MARCH), point(APRIL, 2)], AXIS)
    assert drawn["gaps"] == [(31 / 120, 90 / 120, True)]
