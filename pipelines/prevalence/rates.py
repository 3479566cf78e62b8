"""How often the classifier errs in one category: what turns flags into estimates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, log10
from typing import Any

from pipelines.classify.taxonomy import CODES, RISK_CODES

ANY_RISK = "ANY"  # the merged category: risky in any way, so not the protective one
CATEGORIES = (ANY_RISK, *CODES)

RATE_DIGITS = 3  # significant digits of a published rate: its error is far larger
SIZE_DIGITS = 2  # of a published sample size
CORRELATION_DECIMALS = 1


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Of ``positives`` messages of a category ``tp`` were flagged, of ``negatives`` others ``fp``.

    Plain counts where messages were looked at one by one; effective ones (Korn and Graubard, 1998)
    where a stratified sample stands for more. ``correlation`` is between the two rates' errors: a
    sample in which flags count for more raises one rate and lowers the other.
    """

    tp: float
    positives: float
    fp: float
    negatives: float
    correlation: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.tp <= self.positives and 0 <= self.fp <= self.negatives):
            raise ValueError("Error rates need 0 <= tp <= positives and 0 <= fp <= negatives.")
        if not (self.positives and self.negatives and -1 <= self.correlation <= 1):
            raise ValueError("Error rates need positives, negatives and a correlation of -1 to 1.")

    @property
    def tpr(self) -> float:
        """True positive rate (sensitivity)."""
        return self.tp / self.positives

    @property
    def fpr(self) -> float:
        """False positive rate (1 - specificity)."""
        return self.fp / self.negatives

    @property
    def informative(self) -> bool:
        """Whether a flag says anything: without it no prevalence can be told from flags."""
        return self.tpr > self.fpr

    def published(self) -> ErrorRates:
        """Rounded as a manifest prints them, so that an estimate can be made again from there."""
        return ErrorRates.from_dict(self.as_dict())

    def as_dict(self) -> dict[str, float]:
        """As printed: rates to three significant digits, sizes to two."""
        return {
            "tpr": significant(self.tpr, RATE_DIGITS),
            "positives": max(significant(self.positives, SIZE_DIGITS), 1.0),
            "fpr": significant(self.fpr, RATE_DIGITS),
            "negatives": max(significant(self.negatives, SIZE_DIGITS), 1.0),
            "correlation": round(self.correlation, CORRELATION_DECIMALS),
        }

    @classmethod
    def from_dict(cls, printed: Mapping[str, float]) -> ErrorRates:
        """The reverse of ``as_dict``."""
        return cls(
            printed["tpr"] * printed["positives"],
            printed["positives"],
            printed["fpr"] * printed["negatives"],
            printed["negatives"],
            printed["correlation"],
        )


def pool(rates: Sequence[ErrorRates], weights: Sequence[float]) -> ErrorRates:
    """Rates of messages classified at several times, weighted by how many each time.

    A pooled flag rate's expectation has just these mean rates where prevalence did not change.
    """
    first = rates[0]
    if all(other == first for other in rates):
        return first
    total = sum(weights)

    def mean(name: str) -> float:
        values: Iterable[Any] = (getattr(one, name) for one in rates)
        return float(sum(w * v for w, v in zip(weights, values, strict=True)) / total)

    sizes = replace(first, positives=mean("positives"), negatives=mean("negatives"), tp=0, fp=0)
    return replace(
        sizes,
        tp=mean("tpr") * sizes.positives,
        fp=mean("fpr") * sizes.negatives,
        correlation=mean("correlation"),
    )


def count_errors(
    truths: Iterable[Collection[str]], flags: Iterable[Collection[str]]
) -> dict[str, ErrorRates]:
    """Rates by category and for ``ANY``, from texts with their true and their flagged codes.

    Categories without a text on either side are left out.
    """
    pairs = [(_with_any(t), _with_any(f)) for t, f in zip(truths, flags, strict=True)]
    found = {}
    for category in CATEGORIES:
        of_it = [category in flagged for truth, flagged in pairs if category in truth]
        others = [category in flagged for truth, flagged in pairs if category not in truth]
        if of_it and others:
            found[category] = ErrorRates(sum(of_it), len(of_it), sum(others), len(others))
    return found


def significant(value: float, digits: int) -> float:
    """``value`` rounded to that many significant digits.

    >>> significant(0.012345, 3), significant(1234, 2), significant(0, 2)
    (0.0123, 1200.0, 0.0)
    """
    if value == 0:
        return 0.0
    return float(round(value, digits - 1 - floor(log10(abs(value)))))


def _with_any(codes: Collection[str]) -> set[str]:
    return {*codes, *([ANY_RISK] if set(codes) & set(RISK_CODES) else [])}
