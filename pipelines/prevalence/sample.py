"""Error rates from labels: a stratified random sample of messages, judged by people.

Flagged messages are rare and so are risky ones the classifier misses, so they are drawn more often
than their share. Each draw then stands for as many messages as its stratum has over its draws
(Horvitz and Thompson, 1952). What the strata leave unknown becomes an *effective* number of
positives and negatives: as many as a plain sample would need to know the rates as well (Korn and
Graubard, 1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from pipelines.prevalence.rates import ErrorRates

JEFFREYS = 0.5  # of a message added to either side, so that "none found" is not "there are none"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum's messages of one category that are all flagged, or all not.

    ``messages`` in the warehouse, ``labelled`` of them drawn and judged; ``positive`` counts the
    judged that belong to the category, one of two labellers' yes as a half. Neither need be whole.
    """

    flagged: bool
    messages: float
    labelled: float
    positive: float


@dataclass(frozen=True, slots=True)
class _Total:
    """Positives or negatives that a side of the sample stands for, and their variance."""

    raw: float
    smooth: float
    variance: float

    @property
    def relative(self) -> float:
        return self.variance / self.smooth**2


def error_rates(strata: Iterable[Stratum]) -> ErrorRates | None:
    """Rates with effective sizes; ``None`` where labels do not tell flags from the rest."""
    seen = [stratum for stratum in strata if stratum.labelled]
    flagged = [stratum for stratum in seen if stratum.flagged]
    rest = [stratum for stratum in seen if not stratum.flagged]
    if not flagged or not rest:
        return None
    hits, misses = _positives(flagged), _positives(rest)
    alarms, clear = _negatives(flagged), _negatives(rest)
    if not (hits.raw + misses.raw and alarms.raw + clear.raw):
        return None
    positives = _effective(hits, misses)
    negatives = _effective(alarms, clear)
    found = ErrorRates(
        hits.raw / (hits.raw + misses.raw) * positives,
        positives,
        alarms.raw / (alarms.raw + clear.raw) * negatives,
        negatives,
        _correlation(hits, misses, alarms, clear),
    )
    return found if found.informative else None


def _positives(strata: Sequence[Stratum]) -> _Total:
    return _Total(
        sum(s.messages * s.positive / s.labelled for s in strata),
        sum(s.messages * _share(s) for s in strata),
        _variance(strata),
    )


def _negatives(strata: Sequence[Stratum]) -> _Total:
    return _Total(
        sum(s.messages * (1 - s.positive / s.labelled) for s in strata),
        sum(s.messages * (1 - _share(s)) for s in strata),
        _variance(strata),
    )


def _variance(strata: Sequence[Stratum]) -> float:
    """Of a total over strata; one labelled whole adds nothing."""
    return sum(
        s.messages**2 * _share(s) * (1 - _share(s)) / (s.labelled + 2 * JEFFREYS + 1)
        * max(1 - s.labelled / s.messages, 0.0)
        for s in strata
    )  # fmt: skip


def _share(stratum: Stratum) -> float:
    return (stratum.positive + JEFFREYS) / (stratum.labelled + 2 * JEFFREYS)


def _effective(of_flagged: _Total, of_rest: _Total) -> float:
    """A rate's log-odds are log(of_flagged) - log(of_rest), two independent totals: their variance
    is that of a plain sample of as many."""
    rate = of_flagged.smooth / (of_flagged.smooth + of_rest.smooth)
    variance = of_flagged.relative + of_rest.relative
    total = of_flagged.raw + of_rest.raw  # a sample labelled whole knows no better than by counting
    return min(1 / (variance * rate * (1 - rate)), total) if variance else total


def _correlation(hits: _Total, misses: _Total, alarms: _Total, clear: _Total) -> float:
    """Of the two rates' errors: what is no hit is a false alarm, what is no miss is clear."""
    covariance = hits.variance / (hits.smooth * alarms.smooth) + misses.variance / (
        misses.smooth * clear.smooth
    )
    spread = sqrt((hits.relative + misses.relative) * (alarms.relative + clear.relative))
    return max(-covariance / spread, -1.0) if spread else 0.0
