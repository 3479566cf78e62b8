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

from collections.abc import Sequence
from dataclasses import replace
from math import hypot

from pipelines.impact.effects import Effect, Window, compare, effects, log_ratios
from pipelines.impact.panel import Panel, usable
from pipelines.prevalence.estimate import Z_95, shifted
from pipelines.prevalence.rates import ErrorRates


def corrected(panel: Panel, rates: ErrorRates) -> Panel:
    """A panel of flags as one of corrected counts."""
    return _at(panel, rates.tpr, rates.fpr)


def estimated(
    panel: Panel, windows: Sequence[Window], rates: ErrorRates | None, transfer_sd: float = 0.0
) -> list[Effect]:
    """The effect over each of ``windows`` (months since training) of a panel of flags.

    ``rates`` are ``None`` for counts that no classifier made. Raises ``CannotEstimateError``, also
    where an FPR within its limits would explain too many of the flags for an estimate.
    """
    if rates is None:
        return effects(compare(usable(panel)), windows)
    low, high = shifted(rates.fp, rates.negatives, transfer_sd)
    at_low, at_high = (
        log_ratios(compare(usable(_at(panel, rates.tpr, fpr))), windows) for fpr in (low, high)
    )
    return [
        replace(effect, se=hypot(effect.se, (above - below) / (2 * Z_95)))
        for effect, below, above in zip(
            effects(compare(usable(corrected(panel, rates))), windows), at_low, at_high, strict=True
        )
    ]


def _at(panel: Panel, tpr: float, fpr: float) -> Panel:
    return panel.with_count((panel.count - fpr * panel.messages) / (tpr - fpr))
