"""From flags to corrected counts, and how far the error rates' own uncertainty moves an effect.

Flags of *n* messages are on average n·FPR + (TPR - FPR)·(messages of the category), so
(flags - n·FPR) / (TPR - FPR) is a count of the category that is right on average (Rogan and Gladen,
1978), month by month. It is not clipped at zero: clipped months would pull sums up.

TPR scales every month alike and leaves a ratio as it is. FPR does not: with flags that are mostly
false alarms, a small change of flags is a large change of the category. So the effect is estimated
again at either end of the FPR's 95% limits (its own sampling error, and what rates of other text
may be off by), and the difference goes into the standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import hypot

from pipelines.impact.effects import Effect
from pipelines.impact.panel import Panel
from pipelines.prevalence.estimate import Z_95, shifted
from pipelines.prevalence.rates import ErrorRates


def corrected(panel: Panel, rates: ErrorRates) -> Panel:
    """A panel of flags as one of corrected counts."""
    return _at(panel, rates.tpr, rates.fpr)


def with_rates_uncertain(
    panel: Panel,
    rates: ErrorRates,
    transfer_sd: float,
    estimate: Callable[[Panel], Sequence[Effect]],
) -> list[Effect]:
    """``estimate`` of the corrected panel, with standard errors that allow for the error rates.

    ``panel`` has flags. Raises ``CannotEstimateError`` where an FPR within its limits would explain
    too many of them for an estimate.
    """
    low, high = shifted(rates.fp, rates.negatives, transfer_sd)
    at_low, at_high = (estimate(_at(panel, rates.tpr, fpr)) for fpr in (low, high))
    return [
        replace(effect, se=hypot(effect.se, (above.log_ratio - below.log_ratio) / (2 * Z_95)))
        for effect, below, above in zip(
            estimate(corrected(panel, rates)), at_low, at_high, strict=True
        )
    ]


def _at(panel: Panel, tpr: float, fpr: float) -> Panel:
    return panel.with_count((panel.count - fpr * panel.messages) / (tpr - fpr))
