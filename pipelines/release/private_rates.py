"""Rates of a private series, and how far its noise may have moved them."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from pipelines.release.basis import PRIVATE
from pipelines.release.places import NATIONAL
from pipelines.release.private import MESSAGES, Drawn, Noisy
from pipelines.release.rounding import PER
from pipelines.release.rows import PrivateRow

Z = 1.96  # of a 95% interval, as the exact figures have


def private_rows(drawn: Drawn) -> Iterator[PrivateRow]:
    """One row a category, in the order drawn."""
    messages = drawn.series[MESSAGES]
    for category, flagged in drawn.series.items():
        if category != MESSAGES:
            low, high = interval(flagged, messages) or (None, None)
            estimate = rate(flagged, messages)
            yield PrivateRow(
                drawn.month, NATIONAL, category, estimate, low, high, messages.count, PRIVATE
            )


def rate(flagged: Noisy, messages: Noisy) -> float | None:
    """Per 1,000 messages, kept within 0 and 1,000; ``None`` (``[z]``) without a denominator."""
    if messages.count <= 0:
        return None
    return _possible(flagged.count / messages.count)


def interval(flagged: Noisy, messages: Noisy) -> tuple[float, float] | None:
    """95% interval of the rate without noise, per 1,000; ``None`` as for ``rate``.

    Fieller's: the ratios r with |flagged - r * messages| within 1.96 of its standard deviation.
    It says nothing of who volunteers or of messages beyond a bound. 0 to 1,000 where the noisy
    denominator is not told from zero.
    """
    if messages.count <= 0:
        return None
    square = messages.count**2 - (Z * messages.sd) ** 2
    if square <= 0:
        return 0.0, float(PER)
    product = flagged.count * messages.count
    root = sqrt(product**2 - square * (flagged.count**2 - (Z * flagged.sd) ** 2))
    return _possible((product - root) / square), _possible((product + root) / square)


def _possible(share: float) -> float:
    return min(max(PER * share, 0.0), float(PER))
