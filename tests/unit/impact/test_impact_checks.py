"""Checks beside an effect: months before training, and a training that never was."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.impact.effects import Effect
from pipelines.impact.leads import LEADS, lead_effects, pre_trend_p
from pipelines.impact.panel import NEVER, Panel, make_panel
from pipelines.impact.placebo import earlier
from pipelines.impact.reasons import CannotEstimateError, Reason
from tests.unit.impact.test_impact_panel import even

MONTHS, START = 16, 12


def moved(drift: float) -> Panel:
    """Five forces trained in month 12 and five never; the former's rates fell before by
    ``drift`` a month, on the log scale.
    """
    rng = np.random.default_rng(11)
    return make_panel(
        (force, month, START if trained else NEVER, 5000,
         rng.poisson(100 * np.exp(-drift * month * trained)))
        for force, trained in enumerate([True] * 5 + [False] * 5)
        for month in range(MONTHS)
    )  # fmt: skip


def test_forces_that_moved_apart_before_training_have_a_small_p() -> None:
    assert pre_trend_p(moved(0.05)) < 0.01 < 0.05 < pre_trend_p(moved(0.0))


def test_what_forces_had_before_training_is_beside_the_three_months_just_before_it() -> None:
    """Exactly: 4% more messages for each month further back, of as many in every month."""
    panel = moved(0.0)
    level = np.exp(-0.04 * panel.month * (panel.start < NEVER))
    windows = [LEADS["7-9 before"], LEADS["4-6 before"]]
    found = lead_effects(
        panel.where(panel.month >= 3).with_count((100 * level)[panel.month >= 3]), windows
    )
    assert [effect.ratio for effect in found] == pytest.approx(
        [np.exp(0.24), np.exp(0.12)], rel=1e-3
    )
    assert all(isinstance(effect, Effect) and effect.se < 1e-3 for effect in found)


def test_no_month_long_before_training_is_no_test() -> None:
    with pytest.raises(CannotEstimateError) as caught:
        pre_trend_p(even({0: 3, 1: 3, 2: NEVER, 3: NEVER}, 5))
    assert caught.value.reason is Reason.NOTHING_BEFORE


def test_a_placebo_date_has_no_month_after_training_and_begins_six_months_earlier() -> None:
    found = earlier(even({0: 8, 1: NEVER}, 10))
    trained = found.force == 0
    assert found.month[trained].tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert {*found.start[trained].tolist()} == {2}
    assert found.month[~trained].tolist() == list(range(10))
    assert {*found.start[~trained].tolist()} == {NEVER}
