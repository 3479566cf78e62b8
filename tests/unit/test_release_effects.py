"""Effects as a function of published rows: small tables, with what they must give beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from pipelines.impact.reasons import Reason
from pipelines.prevalence.method import Basis, Method
from pipelines.prevalence.rates import ErrorRates
from pipelines.release.effects import (
    PLACEBO_DATE,
    SPANS,
    effect_rows,
    why_no_effect,
)
from pipelines.release.rows import EffectRow, HabitRow, TrendRow
from pipelines.release.training import Training

# Months 0 to 15 of a release; letters are forces, "-" is never trained. Every force writes 1,000
# messages a month, of which 100 are flagged, and half as many once its training has begun.
STARTS = {"A": 10, "B": 10, "C": 10, "D": 12, "E": None, "F": None, "G": None}
MONTHS = [f"2025-{month:02}" for month in range(1, 13)] + [
    f"2026-{month:02}" for month in range(1, 5)
]
TRAININGS = [
    Training(force, "Active Bystander", f"{MONTHS[start]}-05", f"{MONTHS[start]}-28")
    for force, start in STARTS.items()
    if start is not None
]
SURE = ErrorRates(1e9, 1e9, 0, 1e9)  # no mistakes, as good as exactly


def method(rates: ErrorRates = SURE, basis: Basis = Basis.CALIBRATED) -> dict[str, Method]:
    return {"DISC": Method(rates, basis, 0.1, 1.0)}


def published(ratio: float = 0.5, hidden: Sequence[tuple[str, int]] = ()) -> list[TrendRow]:
    """Rows of DISC; those ``hidden`` (a force and the number of a month) have no figure."""
    return [_row(force, n, ratio, (force, n) in hidden) for force in STARTS for n in range(16)]


def _row(force: str, month: int, ratio: float, hidden: bool) -> TrendRow:
    start = STARTS[force]
    flagged = 100 if start is None or month < start else round(100 * ratio)
    row = TrendRow(MONTHS[month], force, "DISC", 1.0, 1.0, 1.0, 1000, 20, "calibrated", flagged)
    nothing = dict.fromkeys(("estimate_per_1000", "low", "high", "flagged"))
    return replace(row, **nothing) if hidden else row  # type: ignore[arg-type]


def made(
    trends: Sequence[TrendRow],
    habits: Sequence[HabitRow] = (),
    trainings: Sequence[Training] = TRAININGS,
    methods: Mapping[str, Mapping[str, Method]] | None = None,
) -> dict[str, EffectRow]:
    """Rows of DISC by their span."""
    methods = methods or dict.fromkeys(MONTHS, method())
    found = effect_rows(trends, habits, trainings, methods, [*STARTS])
    return {row.window: row for row in found if row.outcome == "DISC"}


def test_a_halved_rate_is_a_ratio_of_a_half() -> None:
    rows = made(published())
    assert [*rows] == [*SPANS, PLACEBO_DATE]
    whole = rows["1-12"]
    assert (whole.ratio, whole.low, whole.high) == pytest.approx((0.5, 0.5, 0.5), abs=1e-6)
    assert (whole.trained_forces, whole.forces, whole.forces_left_out) == (4, 7, 0)
    assert (whole.force_months, whole.force_months_left_out) == (112, 0)
    assert (whole.basis, whole.status) == ("calibrated", "estimated")
    assert whole.least_detectable is None, "it was detected"
    assert whole.permutation_p is not None and whole.permutation_p <= 0.05


def test_points_before_training_and_a_placebo_date_are_one_where_nothing_moved() -> None:
    rows = made(published())
    for window in ("7-9 before", "4-6 before", PLACEBO_DATE):
        assert rows[window].ratio == pytest.approx(1, abs=1e-6), window


def test_each_span_says_how_many_trained_forces_it_is_of() -> None:
    """Three forces have four months after training, all of one date; none has seven."""
    rows = made(published())
    trained = [rows[window].trained_forces for window in ("1-3", "4-6", "7-9", "10-12")]
    assert trained == [4, 3, 0, 0]
    assert rows["1-3"].ratio == pytest.approx(0.5, abs=1e-6)
    assert (rows["4-6"].ratio, rows["4-6"].status) == (None, Reason.COHORTS)
    assert (rows["7-9"].ratio, rows["7-9"].status) == (None, Reason.TRAINED_FORCES)


def test_a_withheld_month_is_left_out_and_counted() -> None:
    rows = made(published(hidden=[("E", 3), ("A", 1)]))
    whole = rows["1-12"]
    assert (whole.force_months, whole.force_months_left_out) == (110, 2)
    assert whole.ratio == pytest.approx(0.5, abs=1e-6)


def test_a_force_with_more_than_a_quarter_of_a_side_withheld_is_left_out() -> None:
    """Three of A's five months after training are gone; three of E's sixteen may be."""
    few = [("A", 13), ("A", 14), ("A", 15)]
    rows = made(published(hidden=[*few, ("E", 0), ("E", 1), ("E", 2)]))
    whole = rows["1-12"]
    assert (whole.trained_forces, whole.forces, whole.forces_left_out) == (3, 6, 1)
    assert whole.force_months_left_out == 16 + 3


def test_quarters_regions_and_the_country_are_behind_no_effect() -> None:
    rows = published()
    coarser = [replace(rows[0], period="2025-Q1", flagged=900), replace(rows[0], force_code="EW")]
    assert made([*rows, *coarser]) == made(rows)


def test_months_are_corrected_by_their_own_rates() -> None:
    """From August on the classifier misses half, in every force alike: nothing follows training."""
    half = ErrorRates(5e8, 1e9, 0, 1e9)
    later = dict.fromkeys(MONTHS[8:], method(half))
    rows = [
        replace(row, flagged=50) if row.period in later and row.flagged == 100 else row
        for row in published(ratio=1.0)
    ]
    found = made(rows, methods={**dict.fromkeys(MONTHS, method()), **later})
    assert found["1-12"].ratio == pytest.approx(1, abs=1e-6)


FLAWED = method(ErrorRates(30, 36, 250, 4000), Basis.UNCALIBRATED)
AT_ONCE = [replace(training, start=TRAININGS[0].start) for training in TRAININGS]
EVERY = [(force, month) for force in STARTS for month in range(16)]
FEW: dict[str, tuple[Callable[[], dict[str, EffectRow]], Reason]] = {
    "nothing is published": (lambda: made(published(hidden=EVERY)), Reason.TRAINED_FORCES),
    "two are trained": (lambda: made(published(), trainings=TRAININGS[:2]), Reason.TRAINED_FORCES),
    "one date": (lambda: made(published(), trainings=AT_ONCE), Reason.COHORTS),
    "flags that may all be mistakes": (
        lambda: made(published(0.9), methods=dict.fromkeys(MONTHS, FLAWED)),
        Reason.FALSE_ALARMS,
    ),
}


@pytest.mark.parametrize("case", FEW)
def test_what_cannot_be_estimated_says_why(case: str) -> None:
    make, reason = FEW[case]
    whole = make()["1-12"]
    assert whole.status == reason
    assert (whole.ratio, whole.permutation_p, whole.least_detectable) == (None, None, None)
    assert {why_no_effect(whole, name) for name in ("ratio", "permutation_p")} == {"[x]"}


def test_weekends_are_compared_as_well() -> None:
    """A quarter of all messages, whatever the training."""
    rows = published()
    habits = list(_weekends(rows))
    found = effect_rows(rows, habits, TRAININGS, dict.fromkeys(MONTHS, method()), [*STARTS])
    weekends = {row.window: row for row in found if row.outcome == "habit:day_of_week"}
    assert weekends["1-12"].ratio == pytest.approx(1, abs=1e-6)
    assert weekends["1-12"].basis == "counted"


def _weekends(rows: Sequence[TrendRow]) -> Iterator[HabitRow]:
    for row in rows:
        for value, share in (("weekday", 750.0), ("weekend", 250.0)):
            yield HabitRow(
                row.period, row.force_code, "day_of_week", value, share, 1.0, 1.0, 1000, 20
            )


def test_the_order_of_rows_and_of_forces_does_not_matter() -> None:
    rows = published(ratio=0.7, hidden=[("F", 2)])
    for window, row in made(rows[::-1]).items():
        other = made(rows)[window]
        assert (row.ratio, row.low, row.high) == pytest.approx(
            (other.ratio, other.low, other.high), abs=1e-9
        )
        assert replace(row, ratio=0, low=0, high=0) == replace(other, ratio=0, low=0, high=0)
