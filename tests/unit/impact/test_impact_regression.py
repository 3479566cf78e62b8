"""The regression behind training effects: by hand, beside statsmodels, and beside pyfixest."""

from __future__ import annotations

import csv
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from pipelines.impact.effects import compare, effects
from pipelines.impact.panel import NEVER, Panel, make_panel, usable
from pipelines.impact.poisson import fit, without_each
from pipelines.impact.reasons import CannotEstimateError, Reason

HERE = Path(__file__).resolve().parents[2] / "data" / "impact"


def read_panel() -> Panel:
    """12 invented forces over 14 months, eight of them trained on three dates."""
    with (HERE / "panel.csv").open(newline="") as file:
        return make_panel(
            (int(r["force"]), int(r["month"]), int(r["start"]), float(r["messages"]),
             float(r["count"]))
            for r in csv.DictReader(file)
        )  # fmt: skip


# Everybody writes 1,000 messages. Force 0 has 10 risky ones a month, force 1 20, the untrained
# forces 2-4 30, 40 and 50; in months 3 and 4 everybody's double. Force 0's training begins in month
# 2 and force 1's in month 3; the month after, force 0 has 12 where 20 would be expected, then 10,
# and force 1 has 30 where 40 would be.
BY_HAND = {
    #  force: (start, counts of months 0 to 4)
    0: (2, (10, 10, 10, 12, 10)),
    1: (3, (20, 20, 20, 40, 30)),
    2: (NEVER, (30, 30, 30, 60, 60)),
    3: (NEVER, (40, 40, 40, 80, 80)),
    4: (NEVER, (50, 50, 50, 100, 100)),
}


def by_hand() -> Panel:
    return make_panel(
        (force, month, start, 1000, count)
        for force, (start, counts) in BY_HAND.items()
        for month, count in enumerate(counts)
    )


def test_effects_by_hand() -> None:
    comparison = compare(by_hand())
    periods = [(0, 0), (1, 1), (2, 2), (1, 2)]
    whole = comparison.fitted.coefficients
    ratios = [exp(comparison.log_ratio(period, whole)) for period in periods]
    expected = [
        (10 + 40) / (10 + 40),  # the months in which training began
        (12 + 30) / (20 + 40),
        10 / 20,  # force 0 alone
        (12 + 30 + 10) / (20 + 40 + 20),
    ]
    assert ratios == pytest.approx(expected, rel=1e-9)


def test_coefficients_equal_those_of_pyfixest() -> None:
    comparison = compare(read_panel())
    ours = comparison.fitted.coefficients[comparison.levels.shape[1] :]
    panel = comparison.panel
    cells = sorted(set(zip(panel.start[panel.treated], panel.month[panel.treated], strict=True)))
    named = {f"s{start}m{month}": value for (start, month), value in zip(cells, ours, strict=True)}
    with (HERE / "pyfixest.csv").open(newline="") as file:
        theirs = {r["cell"]: float(r["coefficient"]) for r in csv.DictReader(file)}
    assert named == pytest.approx(theirs, abs=1e-6)


def test_coefficients_equal_those_of_statsmodels() -> None:
    fitted = compare(read_panel()).fitted
    poisson = sm.GLM(fitted.count, fitted.design, sm.families.Poisson(), offset=fitted.offset)
    theirs = poisson.fit(tol=1e-12, tol_criterion="params").params
    assert fitted.coefficients == pytest.approx(theirs, abs=1e-6)


def test_counts_below_zero_are_fitted_too() -> None:
    counts = np.array([-2.0, 6.0, 5.0, 7.0])  # two of each group: means 2 and 6
    group = np.array([[1.0, 0.0]] * 2 + [[0.0, 1.0]] * 2)
    found = fit(group, counts, np.full(4, 100.0))
    assert found.coefficients == pytest.approx([log(2 / 100), log(6 / 100)])


def test_leaving_a_force_out_by_one_step_is_close_to_fitting_again() -> None:
    panel = usable(read_panel())
    comparison = compare(panel)
    stepped = {
        force: comparison.log_ratio((1, 5), coefficients, force)
        for force, coefficients in without_each(comparison.fitted, panel.force)
    }
    for force in np.unique(panel.force):
        rest = panel.where(panel.force != force)
        again = compare(rest)
        exact = again.log_ratio((1, 5), again.fitted.coefficients)
        assert stepped[int(force)] == pytest.approx(exact, abs=0.01)


def test_an_effect_whose_counts_are_nothing_leaves_the_others_as_they_are() -> None:
    panel = by_hand()
    gone = (panel.force == 0) & (panel.month == 4)
    found = effects(compare(panel.with_count(np.where(gone, 0.0, panel.count))), [(1, 1), (1, 2)])
    assert [effect.ratio for effect in found] == pytest.approx([42 / 60, 42 / 80], rel=1e-9)


def test_a_period_with_nothing_in_it_has_no_effect() -> None:
    with pytest.raises(CannotEstimateError) as caught:
        effects(compare(by_hand()), [(9, 12)])
    assert caught.value.reason is Reason.NOTHING_AFTER


def test_an_interval_is_symmetric_on_the_log_scale() -> None:
    (effect,) = effects(compare(read_panel()), [(1, 5)])
    assert effect.low * effect.high == pytest.approx(effect.ratio**2)
    assert effect.low < effect.ratio < effect.high
    assert effect.least_detectable() < exp(-effect.half)  # what 80% power takes is more than 50%
