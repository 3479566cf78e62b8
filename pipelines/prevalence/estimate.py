"""From a flag rate to a prevalence, with a 95% interval: pure arithmetic, no randomness.

A flag rate q mixes hits and false alarms: q = p·TPR + (1 - p)·FPR. Solved for the prevalence p this
is the adjusted count of Rogan and Gladen (1978), in text classification of Forman (2008). For a
given p, q - p·TPR - (1 - p)·FPR is a sum of three estimates whose mean is zero; the interval is
every p for which zero lies within that sum's own 95% limits (Fieller, 1954). These are put together
from the three's own, asymmetric limits (Zou and Donner, 2008): Wilson's for the flag rate at its
effective sample size, Jeffreys' for either error rate (Brown, Cai and DasGupta, 2001). Lang and
Reiczigel (2014) interpolate the same three uncertainties by another approximation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log, sqrt

from scipy.special import betaincinv

from pipelines.prevalence.rates import ErrorRates

Z_95 = 1.959964  # 97.5th percentile of the normal distribution
TAIL = 0.025
HALVINGS = 40  # of the unit interval: to 1e-12

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Prevalence:
    """A share of messages, 0 to 1, with its 95% interval."""

    estimate: float
    low: float
    high: float


@lru_cache(maxsize=100_000)
def adjusted(
    flag_rate: float, effective_messages: float, rates: ErrorRates, transfer_sd: float = 0.0
) -> Prevalence:
    """The prevalence behind ``flag_rate``, clipped to 0 to 1.

    ``effective_messages`` is the sample size the flag rate is worth (``design.effective``).
    ``transfer_sd`` is how much log-odds of either error rate differ between the text they were
    measured on and this one (a standard deviation; 0 where they were measured on this one).
    Raises ``ValueError`` where the rates tell positives from negatives no better than chance.
    """
    if not rates.informative:
        raise ValueError("A classifier whose TPR does not exceed its FPR cannot be corrected.")
    estimate = (flag_rate - rates.fpr) / (rates.tpr - rates.fpr)
    estimate = min(max(estimate, 0.0), 1.0)
    of_flags = wilson(flag_rate, effective_messages)
    of_tpr = shifted(rates.tp, rates.positives, transfer_sd)
    of_fpr = shifted(rates.fp, rates.negatives, transfer_sd)

    def limit(share: float, side: int) -> float:
        """The sum's lower (``side`` 0) or upper limit if ``share`` were the prevalence.

        Fewer flags than false alarms alone would make mean a lower FPR here, more than every
        positive would make a higher TPR: with the measured ones nothing would be left to doubt.
        """
        tpr = rates.tpr if side else max(rates.tpr, flag_rate)
        fpr = min(rates.fpr, flag_rate) if side else rates.fpr
        sign = 1 if side else -1
        a = max(sign * (of_flags[side] - flag_rate), 0.0)
        b = max(sign * (tpr - of_tpr[1 - side]), 0.0) * share
        c = max(sign * (fpr - of_fpr[1 - side]), 0.0) * (1 - share)
        spread = sqrt(max(a * a + b * b + c * c + 2 * rates.correlation * b * c, 0.0))
        return flag_rate - share * tpr - (1 - share) * fpr + sign * spread

    low = _crossing(lambda share: limit(share, 0))
    high = _crossing(lambda share: limit(share, 1))
    return Prevalence(estimate, min(low, estimate), max(high, estimate))


def wilson(share: float, size: float) -> Limits:
    """Wilson's (1927) limits of a share."""
    centre = share + Z_95**2 / (2 * size)
    spread = Z_95 * sqrt(share * (1 - share) / size + Z_95**2 / (4 * size**2))
    scale = 1 + Z_95**2 / size
    low, high = (centre - spread) / scale, (centre + spread) / scale
    return (max(low, 0.0) if share > 0 else 0.0), (min(high, 1.0) if share < 1 else 1.0)


def jeffreys(events: float, trials: float) -> Limits:
    """Jeffreys' limits of a rate; trials need not be whole."""
    a, b = events + 0.5, trials - events + 0.5
    low = float(betaincinv(a, b, TAIL)) if events > 0 else 0.0
    high = float(betaincinv(a, b, 1 - TAIL)) if events < trials else 1.0
    return low, high


def shifted(events: float, trials: float, transfer_sd: float) -> Limits:
    """Jeffreys' limits, widened in log-odds for a rate that was measured on other text."""
    low, high = jeffreys(events, trials)
    if not transfer_sd:
        return low, high
    middle, extra = _logit((events + 0.5) / (trials + 1)), Z_95 * transfer_sd
    below = sqrt((middle - _logit(low)) ** 2 + extra**2) if low > 0 else None
    above = sqrt((_logit(high) - middle) ** 2 + extra**2) if high < 1 else None
    return (
        0.0 if below is None else min(low, _expit(middle - below)),
        1.0 if above is None else max(high, _expit(middle + above)),
    )


def _crossing(limit: Callable[[float], float]) -> float:
    """Where ``limit`` falls through zero between 0 and 1; an end where it does not."""
    if limit(0.0) <= 0:
        return 0.0
    if limit(1.0) >= 0:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if limit(middle) > 0 else (low, middle)
    return low


def _logit(share: float) -> float:
    return log(share / (1 - share))


def _expit(odds: float) -> float:
    return 1 / (1 + exp(-odds))
