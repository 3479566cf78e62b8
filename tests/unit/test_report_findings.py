"""What a chart is said to show: plain, with its uncertainty, no more than intervals allow."""

from __future__ import annotations

import pytest

from pipelines.prevalence.method import Basis, Method
from pipelines.prevalence.rates import ErrorRates
from pipelines.release.rows import TrendRow
from pipelines.report.findings import Change, find, per_1000

CARD = Method(ErrorRates(50, 100, 5, 1000), Basis.UNCALIBRATED, 0.01, 1.0)
OWN = Method(ErrorRates(60, 100, 8, 1000), Basis.CALIBRATED, 0.01, 1.0)
METHODS = dict.fromkeys(["2026-01", "2026-02", "2026-03"], CARD)
RECALIBRATED = {"2026-01": CARD, "2026-02": OWN, "2026-03": OWN}

SERIES = {
    # first month        last month          change
    "lower": ((20, 15, 25), (8, 5, 12), Change.LOWER),
    "higher": ((8, 5, 12), (20, 15, 25), Change.HIGHER),
    "overlap": ((10, 6, 14), (18, 13, 24), Change.UNCLEAR),
}


@pytest.mark.parametrize("name", SERIES)
def test_change_is_claimed_only_where_intervals_do_not_overlap(name: str) -> None:
    """Other error rates in either month: the estimates are compared."""
    first, last, change = SERIES[name]
    assert find([row("2026-01", first), row("2026-02", last)], RECALIBRATED).change == change


# flagged of 1,000 by 40 people in the first and last month
FLAGS = [(5, 50, Change.HIGHER), (50, 5, Change.LOWER), (20, 30, Change.UNCLEAR)]


@pytest.mark.parametrize(("first", "last", "change"), FLAGS)
def test_with_the_same_error_rates_flags_are_compared(
    first: int, last: int, change: Change
) -> None:
    """However little is known of the level: both intervals reach from 1 to 900."""
    wide = (30, 1, 900)
    rows = [row("2026-01", wide, first), row("2026-02", wide, last)]
    assert find(rows, METHODS).change == change


def test_the_sentence_gives_both_months_with_their_intervals() -> None:
    found = find(
        [row("2026-01", (20, 15, 25)), row("2026-02", None), row("2026-03", (8, 5, 12))],
        RECALIBRATED,
    )
    assert found.sentence == (
        "Lower than at the start: 20.0 per 1,000 messages (95% interval 15.0 to 25.0) in January "
        "2026, 8.0 per 1,000 messages (95% interval 5.0 to 12.0) in March 2026. "
        "1 month is withheld: not enough data."
    )


def test_a_series_without_a_figure_says_so_and_why() -> None:
    found = find([row("2026-01", None)], METHODS)
    assert found.change == Change.NONE
    assert found.sentence.startswith("Not enough data in any month: fewer than 10 people")


def test_one_month_is_no_change() -> None:
    assert find([row("2026-01", (20, 15, 25))], METHODS).change == Change.UNCLEAR


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "[c]"), (0.254, "0.25"), (1.26, "1.3"), (41.83, "41.8")]
)
def test_rates_for_reading(value: float | None, shown: str) -> None:
    assert per_1000(value) == shown


def row(period: str, figures: tuple[float, float, float] | None, flagged: int = 10) -> TrendRow:
    estimate, low, high = figures or (None, None, None)
    shown = None if figures is None else flagged
    return TrendRow(*(period, "EW", "DISC", estimate, low, high, 1000, 40, "uncalibrated", shown))
