"""Do the estimates' 95% intervals cover the truth? Simulated collections with planted prevalence.

What was planted is known, so coverage, bias and width can be counted: of the flag rate, of the
plain adjusted count, of Lang and Reiczigel's interval, and of Candour's, from exact counts and
through a release's rounding.

    python -m bench.prevalence [--write]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import sqrt
from pathlib import Path

import numpy as np

from bench.page import write_between
from bench.prevalence_world import Collection, card, collect, count, label, moments
from pipelines.prevalence.design import (
    band,
    effective,
    intra_contributor_correlation,
    size_variation,
)
from pipelines.prevalence.estimate import Z_95, Prevalence, adjusted, wilson
from pipelines.prevalence.method import Basis, Method
from pipelines.prevalence.rates import ErrorRates
from pipelines.release.rounding import round_to_base

PAGE = Path(__file__).resolve().parent.parent / "docs" / "measured-prevalence.md"
SEED = 20261126

PREVALENCES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
CLASSIFIERS = ((0.5, 0.002), (0.5, 0.01), (0.7, 0.005), (0.8, 0.002), (0.8, 0.03), (0.9, 0.01))
CORRELATIONS = (0.01, 0.03)  # of one person's inclination
ROUNDS = 30  # collections of each combination

LEVELS = ("England and Wales", "region of 5 forces", "force of 60 people")
METHODS = ("flag rate", "plain adjusted count", "Lang and Reiczigel", "Candour, exact counts",
           "Candour, as released", "Candour, as released, uncalibrated")  # fmt: skip


def estimates(
    rng: np.random.Generator, found: Collection, level: int, rates: ErrorRates, own: ErrorRates
) -> Iterator[Prevalence | None]:
    """The level's prevalence by each of ``METHODS``; ``None`` where a release withholds it.

    ``rates`` are of the labelled sample, ``own`` what a card measured on other text.
    """
    here, places = count(found, level), moments(found)
    share = here.flagged / here.messages
    alike = intra_contributor_correlation(places) or 0.0
    spread = size_variation(places) or 1.0
    yield Prevalence(share, *wilson(share, here.messages))
    yield plain(share, here.messages, rates)
    yield lang_reiczigel(share, here.messages, rates)
    unequal = here.squares * here.contributors / here.messages**2
    yield adjusted(share, effective(here.messages, here.contributors, alike, unequal), rates)
    for basis, known in ((Basis.CALIBRATED, rates), (Basis.UNCALIBRATED, own)):
        method = Method(known.published(), basis, band(alike), band(spread))
        rounded = map(round_to_base, (here.flagged, here.messages, here.contributors))
        yield method.estimate(*rounded) if here.published else None


def plain(share: float, messages: int, rates: ErrorRates) -> Prevalence:
    """The adjusted count with a binomial interval, error rates taken as exact."""
    low, high = wilson(share, messages)
    values = ((x - rates.fpr) / (rates.tpr - rates.fpr) for x in (share, low, high))
    return Prevalence(*(min(max(value, 0.0), 1.0) for value in values))


def lang_reiczigel(share: float, messages: int, rates: ErrorRates) -> Prevalence:
    """Lang and Reiczigel's (2014) interval: error rates uncertain, messages independent."""
    z2, positives, negatives = Z_95**2, rates.positives, rates.negatives
    n, p = messages + z2, (messages * share + z2 / 2) / (messages + z2)
    se, sp = (rates.tp + 1) / (positives + 2), (negatives - rates.fp + 1) / (negatives + 2)
    middle = (p + sp - 1) / (se + sp - 1)
    of_se, of_sp = se * (1 - se) / (positives + 2), sp * (1 - sp) / (negatives + 2)
    shift = 2 * z2 * (middle * of_se - (1 - middle) * of_sp)
    variance = p * (1 - p) / n + middle**2 * of_se + (1 - middle) ** 2 * of_sp
    half = Z_95 * sqrt(variance) / (se + sp - 1)
    limits = (min(max(middle + shift + side * half, 0.0), 1.0) for side in (-1, 1))
    return Prevalence(plain(share, messages, rates).estimate, *limits)


@dataclass
class Score:
    """Outcomes of one method on many collections; shares are relative to what was planted."""

    tried: int = 0
    shown: int = 0
    covered: int = 0
    error: float = 0.0
    widths: float = 0.0

    def add(self, planted: float, found: Prevalence | None) -> None:
        self.tried += 1
        if found is not None:
            self.shown += 1
            self.covered += found.low <= planted <= found.high
            self.error += found.estimate / planted - 1
            self.widths += (found.high - found.low) / planted

    @property
    def coverage(self) -> str:
        return f"{self.covered / self.shown:.1%}"

    @property
    def bias(self) -> str:
        return f"{self.error / self.shown:+.1%}"

    @property
    def width(self) -> str:
        return f"{self.widths / self.shown:.2f}"


Scores = Mapping[tuple[int, str, float], Score]


def measure(rounds: int = ROUNDS) -> tuple[int, Scores]:
    """Collections simulated, and scores by level, method and planted prevalence."""
    rng = np.random.default_rng(SEED)
    keys = product(range(len(LEVELS)), METHODS, PREVALENCES)
    scores = {key: Score() for key in keys}
    collections = 0
    for prevalence, (tpr, fpr), alike in product(PREVALENCES, CLASSIFIERS, CORRELATIONS):
        for _ in range(rounds):
            found = collect(rng, prevalence, tpr, fpr, alike)
            rates, own = label(rng, found), card(rng, tpr, fpr)
            collections += 1
            if rates is None or not own.informative:
                continue
            for level in range(len(LEVELS)):
                planted = count(found, level).planted
                given = estimates(rng, found, level, rates, own)
                for method, estimate in zip(METHODS, given, strict=True):
                    scores[level, method, prevalence].add(planted, estimate)
    return collections, scores


def table(scores: Scores) -> str:
    """Coverage, bias and width by level and method, all prevalences together and each apart."""
    columns = ["all", *(f"{p:.1%}" for p in PREVALENCES)]
    lines = [
        "| level | method | figure | " + " | ".join(columns) + " |",
        "|---|---|---|" + "---:|" * len(columns),
    ]
    for level, name in enumerate(LEVELS):
        for method in METHODS:
            each = [scores[level, method, p] for p in PREVALENCES]
            cells = [together(each), *each]
            for figure in ("coverage", "bias", "width"):
                shown = (getattr(score, figure) for score in cells)
                lines.append(f"| {name} | {method} | {figure} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def together(each: list[Score]) -> Score:
    """Several scores as one."""
    total = Score()
    for score in each:
        total.tried += score.tried
        total.shown += score.shown
        total.covered += score.covered
        total.error += score.error
        total.widths += score.widths
    return total


def main() -> None:
    collections, scores = measure()
    shown = together([scores[2, "Candour, as released", p] for p in PREVALENCES])
    text = (
        f"{collections:,} collections. Of the estimates for the force, "
        f"{1 - shown.shown / shown.tried:.0%} are withheld.\n\n{table(scores)}"
    )
    print(text)
    if "--write" in sys.argv:
        write_between(PAGE, "intervals", text)


if __name__ == "__main__":
    main()
