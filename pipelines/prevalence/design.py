"""How much less is known because people write many messages each, alike and unequally many.

Kish (1965): a sample of clusters is worth its size over 1 + (m - 1)·r, m messages a person and r
how alike one person's are. With unequal people m is the size of the person a message belongs to,
on average: the mean size times ``size_variation`` (1 + the squared coefficient of variation).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log, log10

BANDS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
"""What is published of a design's figures, in each decade: next to nothing about any one person."""

DEFAULT_CORRELATION = 0.05
DEFAULT_SIZE_VARIATION = 3.0
"""Assumed where no category is large enough to say: a log-normal of sigma 1 has 2.7."""

SMALLEST_CORRELATION = 0.001


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the contributors of one place and month: what a correlation is estimated from.

    ``flagged`` and ``messages`` are sums of y and m, the others of m², y² and y·m.
    """

    contributors: int
    messages: int
    flagged: int
    messages_squared: int
    flagged_squared: int
    product: int

    @property
    def share(self) -> float:
        return self.flagged / self.messages


@dataclass(frozen=True, slots=True)
class Design:
    """Both figures of a design, banded: what a share's effective sample size is made with."""

    correlation: float
    size_variation: float

    def effective(self, messages: float, contributors: float) -> float:
        """The independent messages that as many clustered ones are worth."""
        return effective(messages, contributors, self.correlation, self.size_variation)

    def as_dict(self) -> dict[str, float]:
        """As the manifest prints it."""
        return {
            "intra_contributor_correlation": self.correlation,
            "size_variation": self.size_variation,
        }

    @classmethod
    def from_dict(cls, printed: Mapping[str, float]) -> Design:
        """The reverse of ``as_dict``."""
        return cls(printed["intra_contributor_correlation"], printed["size_variation"])


CHALLENGE_DEFAULT = Design(correlation=0.2, size_variation=20.0)
"""Assumed of risky messages and their challenges where too few say: one reply answers whatever was
risky around it, so they are more alike; and few people write most, so sizes vary more."""


def measured(places: Sequence[Moments], default: Design) -> Design:
    """The banded design of ``places``, and the default's for what they do not say."""
    alike = intra_contributor_correlation(places) or default.correlation
    spread = size_variation(places) or default.size_variation
    return Design(band(alike), band(spread))


def design_effect(
    messages: float, contributors: float, correlation: float, size_variation: float
) -> float:
    """By how much the variance of a share exceeds that of as many independent messages."""
    size = messages / contributors * size_variation
    return 1.0 + max(size - 1.0, 0.0) * correlation


def effective(
    messages: float, contributors: float, correlation: float, size_variation: float
) -> float:
    """The independent messages that as many clustered ones are worth."""
    return messages / design_effect(messages, contributors, correlation, size_variation)


def intra_contributor_correlation(places: Sequence[Moments]) -> float | None:
    """How alike one person's flags are within a place: moments, pooled over ``places``.

    A person's excess over their place's share, squared, is q(1 - q)(m + r·m(m - 1)) on average;
    r is what makes the sums agree. ``None`` where no place has two people and a flag.
    """
    excess = independent = shared = 0.0
    for place in places:
        if place.contributors < 2 or not 0 < place.flagged < place.messages:
            continue
        q, k = place.share, place.contributors
        squares = place.flagged_squared - 2 * q * place.product + q * q * place.messages_squared
        excess += k / (k - 1) * squares
        independent += q * (1 - q) * place.messages
        shared += q * (1 - q) * (place.messages_squared - place.messages)
    if not shared:
        return None
    return min(max((excess - independent) / shared, SMALLEST_CORRELATION), 1.0)


def size_variation(places: Sequence[Moments]) -> float | None:
    """1 + the squared coefficient of variation of messages a person, within places.

    ``None`` without people.
    """
    squares = sum(place.messages_squared for place in places)
    level = sum(place.messages**2 / place.contributors for place in places)
    return squares / level if level else None


def band(value: float) -> float:
    """The nearest of ``BANDS`` in ratio.

    >>> band(0.0234), band(2.71), band(0.9)
    (0.02, 3.0, 1.0)
    """
    decade = 10.0 ** floor(log10(value))
    nearest = min(BANDS, key=lambda step: abs(log(value / (step * decade))))
    return float(f"{nearest * decade:.2g}")
