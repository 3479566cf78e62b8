"""Whether trained and untrained forces moved alike before training.

The regression of ``effects`` with columns for trained forces' months well before training: what
those hold beyond the three months just before it, beside untrained forces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.stats import f as f_distribution

from pipelines.impact.effects import Comparison, Effect, Window, compare, jackknife
from pipelines.impact.panel import NEVER, Floats, Panel
from pipelines.impact.poisson import solve, without_each
from pipelines.impact.reasons import CannotEstimateError, Reason

LEADS: Mapping[str, Window] = {
    "10 or more before": (-10_000, -10),
    "7-9 before": (-9, -7),
    "4-6 before": (-6, -4),
}
"""Months since training that points of an event study before it are of."""

NEGLIGIBLE = 1e-9  # log ratios below it are rounding, unlike on each machine


@dataclass(frozen=True)
class Before:
    """Log rate ratios of some windows before training, their covariance, and its degrees."""

    log_ratios: Floats
    variance: Floats
    df: int


def leads_in(panel: Panel) -> list[Window]:
    """Those of ``LEADS`` that trained forces have a month of."""
    trained = panel.event[panel.start < NEVER]
    return [
        (low, high) for low, high in LEADS.values() if ((trained >= low) & (trained <= high)).any()
    ]


def lead_ratios(panel: Panel, windows: Sequence[Window]) -> list[float]:
    """The log rate ratio of each of ``windows``, which a usable panel must have months of."""
    found: list[float] = _coefficients(compare(panel, windows)).tolist()
    return found


def lead_effects(panel: Panel, windows: Sequence[Window]) -> list[Effect]:
    """The same with standard errors."""
    found = _before(panel, windows)
    spread = np.diag(found.variance)
    return [
        Effect(float(value), sqrt(of), found.df)
        for value, of in zip(found.log_ratios, spread, strict=True)
    ]


def pre_trend_p(panel: Panel) -> float:
    """A small p says that trained and untrained forces did not move alike before training.

    Hotelling's statistic of the jackknife covariance of every window of ``LEADS`` that there is.
    Raises ``CannotEstimateError`` where no month is that early.
    """
    windows = leads_in(panel)
    if not windows:
        raise CannotEstimateError(Reason.NOTHING_BEFORE)
    found = _before(panel, windows)
    if np.abs(found.log_ratios).max() < NEGLIGIBLE:
        return 1.0
    size, df = len(windows), found.df
    wald = float(found.log_ratios @ solve(found.variance, found.log_ratios))
    return float(f_distribution.sf(wald * (df - size + 1) / (df * size), size, df - size + 1))


def _before(panel: Panel, windows: Sequence[Window]) -> Before:
    comparison = compare(panel, windows)
    whole = _coefficients(comparison)
    clusters = panel.force[comparison.rows]
    without = [
        _coefficients(comparison, found) for _, found in without_each(comparison.fitted, clusters)
    ]
    return Before(whole, jackknife(np.array(without) - whole), len(without) - 1)


def _coefficients(comparison: Comparison, of: Floats | None = None) -> Floats:
    """Those of the windows, the regression's own unless others are given."""
    first = comparison.levels.shape[1]
    coefficients = comparison.fitted.coefficients if of is None else of
    return coefficients[first : first + comparison.leads]
