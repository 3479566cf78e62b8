"""From exact counts to published figures. Rounding is last, and everything is made from it.

Rates and intervals are functions of rounded counts and public constants alone, so they say no
more about the exact counts than the rounded ones do.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from pipelines.prevalence.design import Design
from pipelines.prevalence.estimate import wilson
from pipelines.prevalence.method import Method

ROUNDING_BASE = 5  # OpenSAFELY and ACRO round counts to 5
PER = 1000  # rates are per 1,000 messages
PERCENT = 100  # shares of risky messages are per cent: their interval is wide
Z_95 = 1.959964  # 97.5th percentile of the normal distribution
INTRA_CONTRIBUTOR_CORRELATION = 0.05
"""How alike one person's messages are: an assumption, stated in the release, not estimated."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate per 1,000 messages (or a share in per cent) with its 95% interval."""

    estimate: float
    low: float
    high: float


def round_to_base(count: int) -> int:
    """Nearest multiple of 5 (7 → 5, 8 → 10)."""
    return ROUNDING_BASE * ((count + ROUNDING_BASE // 2) // ROUNDING_BASE)


def design_effect(messages: int, contributors: int) -> float:
    """Kish (1965): how much less is known because people write many messages each."""
    per_person = max(messages / contributors, 1.0)
    return 1.0 + (per_person - 1.0) * INTRA_CONTRIBUTOR_CORRELATION


def estimate(flagged: int, messages: int, contributors: int, method: Method) -> Rate:
    """Prevalence behind rounded counts, with its interval. Refuses unrounded counts."""
    _check_rounded(flagged, messages, contributors)
    found = method.estimate(flagged, messages, contributors)
    return Rate(PER * found.estimate, PER * found.low, PER * found.high)


def challenge_share(challenged: int, risky: int, contributors: int, design: Design) -> Rate:
    """Per cent of risky messages that were challenged, with Wilson's interval at the effective
    sample size. ``contributors`` are all the place's, as ``design`` counts them: risky messages a
    person, those without any among them. Refuses unrounded counts.
    """
    _check_rounded(challenged, risky, contributors)
    share = min(challenged / risky, 1.0)
    low, high = wilson(share, design.effective(risky, contributors))
    return Rate(PERCENT * share, PERCENT * low, PERCENT * high)


def rate(part: int, messages: int, contributors: int) -> Rate:
    """Rate and Wilson (1927) interval at the effective sample size. Refuses unrounded counts."""
    _check_rounded(part, messages, contributors)
    share = min(part / messages, 1.0)
    size = messages / design_effect(messages, contributors)
    centre = (share + Z_95**2 / (2 * size)) / (1 + Z_95**2 / size)
    spread = share * (1 - share) / size + Z_95**2 / (4 * size**2)
    half = Z_95 * sqrt(spread) / (1 + Z_95**2 / size)
    low, high = max(centre - half, 0.0), min(centre + half, 1.0)
    low, high = (0.0 if part == 0 else low), (1.0 if share == 1 else high)
    return Rate(PER * share, PER * low, PER * high)


def _check_rounded(*counts: int) -> None:
    if any(count % ROUNDING_BASE for count in counts):
        raise ValueError(f"Rates are made from counts rounded to {ROUNDING_BASE} only.")
