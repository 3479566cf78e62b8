"""The public constants that turn one category's rounded counts into an estimate.

Nothing else goes into a published estimate, so it says no more than the counts beside it, and
anybody can make it again from a release's manifest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import Any

from pipelines.prevalence.design import effective
from pipelines.prevalence.estimate import Limits, Prevalence, adjusted, wilson
from pipelines.prevalence.rates import ErrorRates, pool

TRANSFER_SD = round(log(2), 3)
"""How far error rates measured elsewhere may be off: their odds half or twice as large within one
standard deviation. Declared, not estimated: one collection cannot tell. Diagnostic tests taken from
study to study vary as much (Reitsma et al., 2005, model it so; see docs/prevalence.md)."""


class Basis(StrEnum):
    """Where an estimate's error rates come from."""

    CALIBRATED = "calibrated"  # from labels of this collection
    UNCALIBRATED = "uncalibrated"  # from the classifier's card: other text


@dataclass(frozen=True, slots=True)
class Method:
    """How one category is estimated: ``rates`` as printed, ``correlation`` and ``size_variation``
    of ``design``, banded.
    """

    rates: ErrorRates
    basis: Basis
    correlation: float
    size_variation: float

    @property
    def transfer_sd(self) -> float:
        """Spread of error rates between texts, in log-odds."""
        return 0.0 if self.basis is Basis.CALIBRATED else TRANSFER_SD

    def estimate(self, flagged: int, messages: int, contributors: int) -> Prevalence:
        """The prevalence behind ``flagged`` of ``messages`` by ``contributors`` people."""
        share, size = self._flags(flagged, messages, contributors)
        return adjusted(share, size, self.rates, self.transfer_sd)

    def flag_limits(self, flagged: int, messages: int, contributors: int) -> Limits:
        """95% limits of the flag rate itself."""
        return wilson(*self._flags(flagged, messages, contributors))

    def _flags(self, flagged: int, messages: int, contributors: int) -> tuple[float, float]:
        size = effective(messages, contributors, self.correlation, self.size_variation)
        return min(flagged / messages, 1.0), size

    def as_dict(self) -> dict[str, Any]:
        """As the manifest prints it."""
        return {
            "basis": self.basis.value,
            **self.rates.as_dict(),
            "transfer_sd": self.transfer_sd,
            "intra_contributor_correlation": self.correlation,
            "size_variation": self.size_variation,
        }

    @classmethod
    def from_dict(cls, printed: Mapping[str, Any]) -> Method:
        """The reverse of ``as_dict``."""
        return cls(
            ErrorRates.from_dict(printed),
            Basis(printed["basis"]),
            printed["intra_contributor_correlation"],
            printed["size_variation"],
        )


def pooled(methods: Sequence[Method], messages: Sequence[int]) -> Method:
    """The method for months counted together that were each estimated by their own.

    Calibrated only where every month is; weighted by messages where rates changed on the way.
    """
    calibrated = all(method.basis is Basis.CALIBRATED for method in methods)
    return Method(
        pool([method.rates for method in methods], messages),
        Basis.CALIBRATED if calibrated else Basis.UNCALIBRATED,
        max(method.correlation for method in methods),
        max(method.size_variation for method in methods),
    )
