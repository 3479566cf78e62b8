"""From flags to corrected counts, and how far the error rates' own uncertainty moves an effect.

Flags of *n* messages are on average n·FPR + (TPR - FPR)·(messages of the category), so
(flags - n·FPR) / (TPR - FPR) is a count of the category that is right on average (Rogan and Gladen,
1978), month by month. It is not clipped at zero: clipped months would pull sums up.

TPR scales every month alike and leaves a ratio as it is. FPR does not: with flags that are mostly
false alarms, a small change of flags is a large change of the category. So the effect is estimated
again at either end of the FPR's 95% limits (its own sampling error, and what rates of other text
may be off by), and the difference goes into the standard error. Where months were classified by
several rates, all go to the same end at once: they are of the same classifier, or of labels that
were added to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import hypot

import numpy as np

from pipelines.impact.effects import Effect, Window, compare, effects, log_ratios
from pipelines.impact.leads import lead_effects, lead_ratios
from pipelines.impact.panel import Panel, usable
from pipelines.impact.reasons import CannotEstimateError, Reason
from pipelines.prevalence.estimate import Z_95, shifted
from pipelines.prevalence.rates import ErrorRates


@dataclass(frozen=True)
class Corrected:
    """Corrected counts, and what they would be ``at`` either end of the FPR's limits.

    Nothing is ``at`` an end where no classifier made the counts.
    """

    counts: Panel
    at: tuple[Panel, ...] = ()

    def each(self, change: Callable[[Panel], Panel]) -> Corrected:
        """The same change made to all of them."""
        return Corrected(change(self.counts), tuple(map(change, self.at)))


def corrected(panel: Panel, rates: ErrorRates, transfer_sd: float = 0.0) -> Corrected:
    """A panel of flags as one of corrected counts.

    ``transfer_sd`` is that of ``prevalence.estimate.adjusted``.
    """
    return corrected_by_row(panel, [(rates, transfer_sd)] * panel.count.size)


def corrected_by_row(panel: Panel, rates: Sequence[tuple[ErrorRates, float]]) -> Corrected:
    """The same where each row's flags have rates, and a spread of them, of their own."""
    limits = {one: shifted(one[0].fp, one[0].negatives, one[1]) for one in set(rates)}
    tpr = np.array([one.tpr for one, _ in rates])

    def at(false_alarms: Iterable[float]) -> Panel:
        fpr = np.array([*false_alarms])
        return panel.with_count((panel.count - fpr * panel.messages) / (tpr - fpr))

    ends = tuple(at(limits[one][side] for one in rates) for side in (0, 1))
    return Corrected(at(one.fpr for one, _ in rates), ends)


def estimated(counts: Corrected, windows: Sequence[Window]) -> list[Effect]:
    """The effect over each of ``windows`` (months since training).

    Raises ``CannotEstimateError``, also where an FPR within its limits would explain too many of
    the flags for an estimate.
    """
    return _with_doubt(
        counts,
        lambda panel: effects(compare(panel), windows),
        lambda panel: log_ratios(compare(panel), windows),
    )


def estimated_before(counts: Corrected, windows: Sequence[Window]) -> list[Effect]:
    """The same of ``windows`` before training, beside the three months just before it."""
    return _with_doubt(
        counts,
        lambda panel: lead_effects(panel, windows),
        lambda panel: lead_ratios(panel, windows),
    )


def _with_doubt(
    counts: Corrected,
    estimate: Callable[[Panel], list[Effect]],
    log_ratios_of: Callable[[Panel], list[float]],
) -> list[Effect]:
    found = estimate(usable(counts.counts))
    if not counts.at:
        return found
    try:
        low, high = (log_ratios_of(usable(panel)) for panel in counts.at)
    except CannotEstimateError:
        raise CannotEstimateError(Reason.FALSE_ALARMS) from None
    return [
        replace(effect, se=hypot(effect.se, (above - below) / (2 * Z_95)))
        for effect, below, above in zip(found, low, high, strict=True)
    ]
