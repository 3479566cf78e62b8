"""From flags to corrected counts, and what doubt about the error rates adds."""

from __future__ import annotations

import pytest

from pipelines.impact.correction import Corrected, corrected, corrected_by_row, estimated
from pipelines.impact.panel import make_panel
from pipelines.impact.reasons import CannotEstimateError, Reason
from pipelines.prevalence.rates import ErrorRates
from tests.unit.impact.test_impact_regression import read_panel

EXACT = ErrorRates(8e8, 1e9, 1e7, 1e9)  # TPR 0.8, FPR 0.01, known as good as exactly
SAMPLED = ErrorRates(240, 300, 20, 2000)  # the same, of a sample


WINDOWS = [(1, 5)]


def test_false_alarms_are_taken_away_and_misses_made_good() -> None:
    flags = make_panel([(0, 0, 9, 1000, 10 + 79), (0, 1, 9, 1000, 6)])
    assert corrected(flags, EXACT).counts.count == pytest.approx([100, -4 / 0.79])


def test_doubt_about_error_rates_widens_an_effect_and_does_not_move_it() -> None:
    (plain,) = estimated(Corrected(corrected(read_panel(), EXACT).counts), WINDOWS)
    (sure,) = estimated(corrected(read_panel(), EXACT), WINDOWS)
    (doubtful,) = estimated(corrected(read_panel(), SAMPLED), WINDOWS)
    assert sure.log_ratio == doubtful.log_ratio == pytest.approx(plain.log_ratio)
    assert sure.se == pytest.approx(plain.se, rel=1e-3)
    assert doubtful.se > sure.se


def test_nothing_is_said_where_false_alarms_may_be_all_there_is() -> None:
    with pytest.raises(CannotEstimateError) as caught:
        estimated(corrected(read_panel(), SAMPLED, 1.0), WINDOWS)
    assert caught.value.reason is Reason.FALSE_ALARMS


def test_months_are_corrected_by_the_rates_of_their_own_classifier() -> None:
    """The second month's classifier misses half of what the first one finds."""
    other = ErrorRates(4e8, 1e9, 2e7, 1e9)  # TPR 0.4, FPR 0.02
    flags = make_panel([(0, 0, 9, 1000, 10 + 79), (0, 1, 9, 1000, 20 + 38)])
    found = corrected_by_row(flags, [(EXACT, 0.0), (other, 0.0)])
    assert found.counts.count == pytest.approx([100, 100])
    low, high = (panel.count for panel in found.at)
    assert (low > found.counts.count).all() and (high < found.counts.count).all()
