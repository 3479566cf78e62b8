"""Collections with planted prevalence, simulated for ``bench.prevalence``: counts, no texts.

43 forces whose rates differ; volunteers who write unequally much and are unequally inclined; a
classifier that errs, more with some people than with others; a stratified labelled sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from pipelines.prevalence.design import Moments
from pipelines.prevalence.method import TRANSFER_SD
from pipelines.prevalence.rates import ErrorRates
from pipelines.prevalence.sample import Stratum, error_rates
from pipelines.release.policy import MIN_CONTRIBUTORS, MIN_REST

FORCE_SIZES = (10, 60)  # volunteers
FORCE_SPREAD = 0.3  # log-standard deviation of forces' prevalences
MEDIAN_MESSAGES, SIZE_SPREAD = 60, 1.0  # of one person in a month: log-normal
ALARM_CORRELATION = 0.003  # some people's ordinary words are flagged more often

LABELS = {"flagged": 200, "near": 100, "rest": 1000}  # a category: a day or two of two people
NEAR_MISSES, NEAR_OTHERS = 0.6, 0.02  # of what is missed, and of all else, scored just too low

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Collection:
    """One month: a row a volunteer. ``planted`` is each force's prevalence."""

    force: Ints
    messages: Ints
    positives: Ints
    hits: Ints
    alarms: Ints
    planted: NDArray[np.float64]

    @property
    def flagged(self) -> Ints:
        return self.hits + self.alarms


def collect(
    rng: np.random.Generator, prevalence: float, tpr: float, fpr: float, correlation: float
) -> Collection:
    """Simulate one collection; force 0 has 60 volunteers."""
    sizes = np.array([60, *rng.integers(*FORCE_SIZES, 42)])
    factor = np.exp(rng.normal(0, FORCE_SPREAD, len(sizes)))
    planted = prevalence * factor * sizes.sum() / (factor * sizes).sum()
    force = np.repeat(np.arange(len(sizes)), sizes)
    messages = np.maximum(
        rng.lognormal(log(MEDIAN_MESSAGES), SIZE_SPREAD, len(force)).astype(int), 1
    )
    positives = rng.binomial(messages, _inclined(rng, planted[force], correlation))
    hits = rng.binomial(positives, tpr)
    alarm = _inclined(rng, np.full(len(force), fpr), ALARM_CORRELATION)
    alarms = rng.binomial(messages - positives, alarm)
    return Collection(force, messages, positives, hits, alarms, planted)


def _inclined(
    rng: np.random.Generator, mean: NDArray[np.float64], correlation: float
) -> NDArray[np.float64]:
    """Each person's own share: beta, so that counts are beta-binomial."""
    scale = (1 - correlation) / correlation
    return rng.beta(mean * scale, (1 - mean) * scale)


def label(rng: np.random.Generator, found: Collection) -> ErrorRates | None:
    """Error rates from a stratified sample: flagged, scored just too low, and the rest."""
    hits, flagged = int(found.hits.sum()), int(found.flagged.sum())
    missed = int(found.positives.sum()) - hits
    others = int(found.messages.sum()) - flagged - missed
    near_missed, near = rng.binomial(missed, NEAR_MISSES), rng.binomial(others, NEAR_OTHERS)
    strata = (
        (True, hits, flagged, LABELS["flagged"]),
        (False, near_missed, near_missed + near, LABELS["near"]),
        (False, missed - near_missed, missed - near_missed + others - near, LABELS["rest"]),
    )
    return error_rates(
        Stratum(flag, of, min(n, of), int(rng.hypergeometric(positive, of - positive, min(n, of))))
        for flag, positive, of, n in strata
        if of
    )


@dataclass(frozen=True)
class Counts:
    """One level of a collection."""

    planted: float
    flagged: int
    messages: int
    squares: float  # sum of squared messages a person
    contributors: int
    flaggers: int
    largest: int

    @property
    def published(self) -> bool:
        """Whether enough people stand behind the flags: the policy's part that binds here."""
        rest = self.flagged - self.largest
        return self.flaggers >= MIN_CONTRIBUTORS and rest >= max(MIN_REST, self.largest)


def count(found: Collection, level: int) -> Counts:
    """Counts of everybody, of the first five forces or of the first."""
    inside = found.force < (len(found.planted), 5, 1)[level]
    sizes = np.bincount(found.force[inside])
    messages, flagged = found.messages[inside], found.flagged[inside]
    return Counts(
        float((found.planted[: len(sizes)] * sizes).sum() / sizes.sum()),
        int(flagged.sum()),
        int(messages.sum()),
        float((messages.astype(float) ** 2).sum()),
        len(messages),
        int((flagged > 0).sum()),
        int(flagged.max()),
    )


def moments(found: Collection) -> list[Moments]:
    """What a warehouse says of each force."""
    y, m = found.flagged, found.messages
    return [
        Moments(int(here.sum()), *(int(part[here].sum()) for part in (m, y, m * m, y * y, y * m)))
        for here in (found.force == force for force in range(len(found.planted)))
    ]


def card(rng: np.random.Generator, tpr: float, fpr: float) -> ErrorRates:
    """A classifier's card: 300 positives and 3,000 others of text in which it errs otherwise."""
    shifts = rng.normal(0, TRANSFER_SD, 2)
    t, f = (1 / (1 + exp(shift) * (1 - r) / r) for r, shift in zip((tpr, fpr), shifts, strict=True))
    return ErrorRates(rng.binomial(300, t), 300, rng.binomial(3000, f), 3000)
