"""What followed training, as the ratio of what was counted to what untrained forces let expect.

A Poisson regression of counts on forces, months and one effect a training date ("cohort") and month
since then, with messages as offset (Wooldridge, 2023, Simple approaches to nonlinear
difference-in-differences, Econometrics Journal 26). Every month from training on has an effect of
its own for each training date, so nobody already trained serves as a control: the bias of a single
"trained" coefficient (Goodman-Bacon, 2021) does not arise.

An effect is log(sum of counts / sum of expected counts) over some trained force-months, so a large
force counts for more; a rate that halves is log(0.5). Standard errors are of the jackknife over
forces (the cluster-robust variance CV3 of MacKinnon, Nielsen and Webb, 2023), which does not take a
training date with a single force for one without error, as a sandwich does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from scipy.stats import t as t_distribution

from pipelines.impact.panel import NEVER, Floats, Mask, Panel
from pipelines.impact.poisson import Fit, fit, without_each
from pipelines.impact.reasons import CannotEstimateError, Reason

Window = tuple[int, int]
"""Months since training began, both included."""
WINDOW = (1, 12)  # months since training that the overall effect is of
PERIODS: Mapping[str, Window] = {
    "1-3": (1, 3),
    "4-6": (4, 6),
    "7-9": (7, 9),
    "10-12": (10, 12),
}
"""Months since training that an event study's points are of: single months say little."""
OVERALL = "1-12"
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Effect:
    """A log rate ratio with its standard error; ``df`` is what its t-interval is made with."""

    log_ratio: float
    se: float
    df: int

    @property
    def half(self) -> float:
        return float(self.se * t_distribution.ppf((1 + CONFIDENCE) / 2, self.df))

    @property
    def ratio(self) -> float:
        return exp(self.log_ratio)

    @property
    def low(self) -> float:
        return exp(self.log_ratio - self.half)

    @property
    def high(self) -> float:
        return exp(self.log_ratio + self.half)

    def least_detectable(self, power: float = 0.8) -> float:
        """The rate ratio below 1 that such a standard error shows as often as ``power``."""
        needed = t_distribution.ppf((1 + CONFIDENCE) / 2, self.df) + t_distribution.ppf(
            power, self.df
        )
        return exp(-float(needed) * self.se)


@dataclass(frozen=True)
class Comparison:
    """A panel's regression: one column a force, a month but the first, and an effect."""

    panel: Panel
    fitted: Fit
    rows: Mask
    """Those in the regression: all but those of effects whose counts are not above zero, which it
    would fit exactly."""
    levels: Floats
    """The columns of forces and months, for every row."""
    leads: int = 0
    """How many of the columns after those are of trained forces before training."""

    def expected(self, coefficients: Floats) -> Floats:
        """Counts without training, one a row."""
        levels = self.levels @ coefficients[: self.levels.shape[1]]
        found: Floats = np.exp(levels) * self.panel.messages
        return found

    def log_ratio(self, months: Window, coefficients: Floats, but: int = -1) -> float:
        """Of the force-months that many months since training, ``but`` one force's."""
        event = self.panel.event
        rows = (event >= months[0]) & (event <= months[1]) & (self.panel.force != but)
        counted = self.panel.count[rows].sum()
        if counted <= 0:
            raise CannotEstimateError(Reason.NOTHING_AFTER)
        return float(np.log(counted / self.expected(coefficients)[rows].sum()))


def compare(panel: Panel, leads: Iterable[Window] = ()) -> Comparison:
    """Fit a usable panel (``panel.usable``); ``leads`` are of trained forces before training."""
    levels = np.column_stack([_indicators(panel.force), _indicators(panel.month)[:, 1:]])
    before = [(panel.event >= low) & (panel.event <= high) for low, high in leads]
    before = [column & (panel.start < NEVER) for column in before]
    before = [column for column in before if column.any()]
    cells, rows = _cells(panel)
    design = np.column_stack([levels, *before, *cells]).astype(float)
    fitted = fit(design[rows], panel.count[rows], panel.messages[rows])
    return Comparison(panel, fitted, rows, levels, len(before))


def log_ratios(comparison: Comparison, periods: Sequence[Window]) -> list[float]:
    """The log rate ratio over each of ``periods``."""
    whole = comparison.fitted.coefficients
    return [comparison.log_ratio(period, whole) for period in periods]


def effects(comparison: Comparison, periods: Sequence[Window]) -> list[Effect]:
    """The effect over each of ``periods`` ."""
    force = comparison.panel.force
    found = np.array(log_ratios(comparison, periods))
    without = np.array(
        [
            [comparison.log_ratio(period, coefficients, but) for period in periods]
            for but, coefficients in without_each(comparison.fitted, force[comparison.rows])
        ]
    )
    variance = jackknife(without - found)
    df = without.shape[0] - 1
    return [
        Effect(float(value), sqrt(spread), df)
        for value, spread in zip(found, np.diag(variance), strict=True)
    ]


def jackknife(differences: Floats) -> Floats:
    """Covariance of estimates, from how far each differs ``without`` each cluster (CV3)."""
    clusters = differences.shape[0]
    found: Floats = (clusters - 1) / clusters * differences.T @ differences
    return found


def _cells(panel: Panel) -> tuple[list[Mask], Mask]:
    """A column for each training date and month since then; and the rows outside cells whose
    counts are not above zero, which a regression would chase to minus infinity."""
    columns, rows = [], np.ones(panel.force.size, dtype=bool)
    treated = panel.treated
    for start, month in sorted(set(zip(panel.start[treated], panel.month[treated], strict=True))):
        cell = treated & (panel.start == start) & (panel.month == month)
        if panel.count[cell].sum() > 0:
            columns.append(cell)
        else:
            rows &= ~cell
    return columns, rows


def _indicators(of: Floats | Mask | np.ndarray) -> Floats:
    values = np.unique(of)
    found: Floats = (of[:, None] == values).astype(float)
    return found
