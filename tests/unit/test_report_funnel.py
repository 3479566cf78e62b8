"""How far from the national rate chance alone takes a force: narrower the more it wrote."""

from __future__ import annotations

import random

import pytest

from pipelines.prevalence.method import Basis, Method
from pipelines.prevalence.rates import ErrorRates
from pipelines.report.funnel import (
    FAR_OUTSIDE,
    INSIDE,
    OUTSIDE,
    Funnel,
    funnel_finding,
)

PERFECT = ErrorRates(100, 100, 0, 1000)
INDEPENDENT = Method(PERFECT, Basis.CALIBRATED, correlation=0.0, size_variation=1.0)
FUNNEL = Funnel(flag_rate=0.02, messages_a_person=30, method=INDEPENDENT)


@pytest.mark.parametrize(
    ("messages", "low", "high"),
    [
        # asin(sqrt(.02)) = .14190; 1.96 / (2 sqrt(1000)) = .03099: sin(.11091)^2, sin(.17289)^2
        (1000, 12.25, 29.59),
        (100_000, 19.14, 20.88),
    ],
)
def test_limits_close_in_on_the_national_rate(messages: int, low: float, high: float) -> None:
    found = FUNNEL.limits(messages)
    assert (found["low_95"], found["high_95"]) == pytest.approx((low, high), abs=0.01)
    assert found["low_998"] < found["low_95"] < 20 < found["high_95"] < found["high_998"]


def test_people_who_write_much_and_alike_widen_them() -> None:
    alike = Method(PERFECT, Basis.CALIBRATED, correlation=0.05, size_variation=2.0)
    wide, narrow = Funnel(0.02, 30, alike).limits(1000), FUNNEL.limits(1000)
    assert wide["low_95"] < narrow["low_95"]
    assert wide["high_95"] > narrow["high_95"]


def test_limits_are_corrected_as_estimates_are() -> None:
    """A classifier that finds half and errs once in a hundred: (q - .01) / .49, never below 0."""
    errs = Method(ErrorRates(50, 100, 10, 1000), Basis.CALIBRATED, 0.0, 1.0)
    found = Funnel(0.02, 30, errs).limits(1000)
    assert found["high_95"] == pytest.approx((29.59 - 10) / 0.49, abs=0.05)
    assert found["low_998"] == 0


@pytest.mark.parametrize(
    ("estimate", "where"), [(20.0, INSIDE), (32.0, OUTSIDE), (11.0, OUTSIDE), (60.0, FAR_OUTSIDE)]
)
def test_a_force_is_said_to_be_where_it_is_drawn(estimate: float, where: str) -> None:
    assert FUNNEL.where(estimate, 1000) == where


def test_chance_alone_leaves_about_one_in_twenty_outside() -> None:
    """2,000 invented forces that all flag 2% of 1,000 independent messages."""
    chance = random.Random(5)
    outside = sum(
        FUNNEL.where(sum(chance.random() < 0.02 for _ in range(1000)), 1000) != INSIDE
        for _ in range(2000)
    )
    assert 60 <= outside <= 140


def test_the_sentence_names_who_is_outside_and_how_many_would_be_by_chance() -> None:
    drawn = [{"force": f"Force {n}", "where": INSIDE} for n in range(39)]
    drawn += [{"force": "Kent Police", "where": OUTSIDE}]
    assert funnel_finding(drawn, 36.24, "2026-10") == (
        "October 2026: 40 forces have a figure. Kent Police outside the 95% limits around the "
        "national rate of 36.2 per 1,000 messages; by chance alone about 2 would be outside."
    )


def test_one_force_is_one() -> None:
    found = funnel_finding([{"force": "Kent Police", "where": INSIDE}], 20.0, "2026-10")
    assert found.startswith("October 2026: 1 force has a figure. All within the limits around")
