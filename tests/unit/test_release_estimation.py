"""Whose constants estimate a category, and which period keeps which."""

from __future__ import annotations

import pytest

from pipelines.prevalence.design import CHALLENGE_DEFAULT, Design, Moments
from pipelines.prevalence.method import Basis, Method
from pipelines.prevalence.rates import ErrorRates
from pipelines.release.estimation import (
    PARTLY,
    Estimated,
    by_period,
    designs_by_period,
    estimated_in,
    make_methods,
    overall_basis,
)
from pipelines.release.rows import ImpactRow, TrendRow
from pipelines.release.training import Training, impact_rows

CARD = {code: ErrorRates(40, 100, 5, 1000) for code in ("DISC", "OPS")}
OWN = ErrorRates(81.2, 123.4, 7.9, 9876.0, -0.33)
# 40 people of ten messages, ten of whom have four flags each
ALIKE = [Moments(40, 400, 40, 4000, 160, 400)]


def test_labels_calibrate_their_category_and_the_card_stands_in_for_others() -> None:
    methods = make_methods(["DISC", "OPS"], {"DISC": ALIKE}, CARD, {"DISC": OWN})
    # q = .1: (40/39 * (160 - 2 * .1 * 400 + .01 * 4000) - .09 * 400) / (.09 * 3600) = .268, banded
    assert methods["DISC"] == Method(OWN.published(), Basis.CALIBRATED, 0.3, 1.0)
    assert methods["OPS"] == Method(CARD["OPS"], Basis.UNCALIBRATED, 0.05, 3.0)


@pytest.mark.parametrize(
    ("bases", "overall"),
    [
        (["calibrated"] * 2, "calibrated"),
        (["uncalibrated"] * 2, "uncalibrated"),
        (["calibrated", "uncalibrated"], PARTLY),
    ],
)
def test_a_release_says_whether_all_of_it_is_calibrated(bases: list[str], overall: str) -> None:
    assert overall_basis(bases) == overall


FIRST = make_methods(["DISC"], {}, CARD, {})
LATER = make_methods(["DISC"], {}, CARD, {"DISC": OWN})
HISTORY = [
    Estimated("2026-01", ("2026-01",), FIRST, CHALLENGE_DEFAULT),
    Estimated("2026-03", ("2026-03",), LATER, Design(0.1, 7.0)),
]


def test_each_period_keeps_its_constants_through_the_manifest() -> None:
    read = estimated_in({"estimation": [one.as_dict() for one in HISTORY]})
    assert read == HISTORY
    assert by_period(read) == {"2026-01": FIRST, "2026-03": LATER}
    assert designs_by_period(read) == {"2026-01": CHALLENGE_DEFAULT, "2026-03": Design(0.1, 7.0)}


def row(period: str, basis: str, flagged: int | None) -> TrendRow:
    figures = (None,) * 3 if flagged is None else (9.0, 5.0, 14.0)
    return TrendRow(period, "E23000001", "DISC", *figures, 1000, 40, basis, flagged)


def compared(rows: list[TrendRow]) -> ImpactRow:
    training = Training("E23000001", "Active Bystander", "2026-02-02", "2026-02-20")
    (found,) = impact_rows(rows, [training], by_period(HISTORY))
    return found


def test_each_side_of_a_training_is_estimated_by_its_own_constants() -> None:
    found = compared([row("2026-01", "uncalibrated", 20), row("2026-03", "calibrated", 20)])
    before = FIRST["DISC"].estimate(20, 1000, 40)
    after = LATER["DISC"].estimate(20, 1000, 40)
    assert found.before_per_1000 == pytest.approx(1000 * before.estimate)
    assert found.after_per_1000 == pytest.approx(1000 * after.estimate)
    assert found.basis == "uncalibrated", "one side is"


def test_a_comparison_is_calibrated_where_both_sides_are() -> None:
    only = by_period([Estimated("2026-03", ("2026-01", "2026-03"), LATER, CHALLENGE_DEFAULT)])
    training = Training("E23000001", "Active Bystander", "2026-02-02", "2026-02-20")
    rows = [row("2026-01", "calibrated", 20), row("2026-03", "calibrated", None)]
    (found,) = impact_rows(rows, [training], only)
    assert (found.basis, found.months_after) == ("calibrated", 0)
