"""Panels with a planted effect of training, simulated for ``bench.impact``: counts, no texts.

43 forces over 30 months, 29 of them trained on one of eight dates. Forces differ in size and in
rate, everybody's rate drifts over the year, and each force's own ups and downs last for months
(autoregressive) on top of counts that vary more than Poisson ones (negative binomial). A classifier
errs; its error rates are known from a sample.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.impact.panel import NEVER, Floats, Panel
from pipelines.prevalence.rates import ErrorRates

FORCES, MONTHS, TRAINED = 43, 30, 29
DATES = (6, 8, 10, 12, 14, 16, 18, 20)  # index of the month in which a training begins
PREVALENCE, FORCE_SPREAD = 0.01, 0.4
MEDIAN_MESSAGES, SIZE_SPREAD, MONTH_SPREAD = 2000, 0.6, 0.2
SHOCK_SD, PERSISTENCE = 0.25, 0.7  # of a force's log rate around its level
OVERDISPERSION = 0.05  # variance over mean, less 1, divided by the mean
SEASON, DRIFT = 0.15, -0.2  # of everybody's log rate: over a year, and over the whole time
TPR, FPR = 0.7, 0.002
LABELLED = (300, 3000)  # messages of the category, and others, behind the error rates


@dataclass(frozen=True)
class World:
    """A panel of flags, and the error rates as a sample tells them."""

    panel: Panel
    rates: ErrorRates


def simulate(rng: np.random.Generator, log_ratio: float, apart: float) -> World:
    """A panel whose trained forces' rates are multiplied by exp(``log_ratio``) from the month after
    training began on, and by half as much in that month.

    ``apart`` is how far trained forces' log rates drift from the others' over the whole time,
    whatever the training.
    """
    force = np.repeat(np.arange(FORCES), MONTHS)
    month = np.tile(np.arange(MONTHS), FORCES)
    dates = np.full(FORCES, NEVER)
    dates[:TRAINED] = rng.permutation(np.resize(DATES, TRAINED))
    dates = rng.permutation(dates)
    start = dates[force]
    since = month - start
    size = rng.lognormal(np.log(MEDIAN_MESSAGES), SIZE_SPREAD, FORCES)
    messages = np.round(size[force] * rng.lognormal(0, MONTH_SPREAD, force.size)) + 1
    season = SEASON * np.sin(2 * np.pi * month / 12) + DRIFT * month / MONTHS
    level = rng.normal(0, FORCE_SPREAD, FORCES)[force]
    shape = np.where(since == 0, 0.5, 1.0)
    effect = np.where(since >= 0, log_ratio * shape, 0.0)
    drift = apart * (start < NEVER) * month / MONTHS
    rate = PREVALENCE * np.exp(season + level + _shocks(rng).ravel() + effect + drift)
    noisy = rate * rng.gamma(1 / OVERDISPERSION, OVERDISPERSION, force.size)
    positives = np.minimum(rng.poisson(messages * noisy), messages).astype(int)
    hits = rng.binomial(positives, TPR)
    alarms = rng.binomial(messages.astype(int) - positives, FPR)
    panel = Panel(force, month, start, messages, (hits + alarms).astype(float))
    tp, fp = rng.binomial(LABELLED[0], TPR), rng.binomial(LABELLED[1], FPR)
    return World(panel, ErrorRates(tp, LABELLED[0], fp, LABELLED[1]))


def _shocks(rng: np.random.Generator) -> Floats:
    """Forces by months: a stationary autoregression."""
    found = np.empty((FORCES, MONTHS))
    found[:, 0] = rng.normal(0, SHOCK_SD, FORCES)
    innovation = SHOCK_SD * np.sqrt(1 - PERSISTENCE**2)
    for month in range(1, MONTHS):
        found[:, month] = PERSISTENCE * found[:, month - 1] + rng.normal(0, innovation, FORCES)
    return found
