"""Do the intervals of training effects cover what was planted? Simulated panels, counted.

python -m bench.impact [--write]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from pathlib import Path

import numpy as np

from bench.impact_world import simulate
from bench.page import write_between
from pipelines.impact.correction import corrected, estimated
from pipelines.impact.effects import OVERALL, PERIODS, WINDOW, Effect
from pipelines.impact.leads import pre_trend_p
from pipelines.impact.panel import usable
from pipelines.impact.permutation import permutation_p
from pipelines.impact.placebo import PLACEBO_WINDOW, earlier
from pipelines.impact.reasons import CannotEstimateError

PAGE = Path(__file__).resolve().parent.parent / "docs" / "measured-impact.md"
SEED = 20261126
PANELS = 240  # of each scenario: two standard errors of a coverage of 95% are 2.8 points
DEALS = 199
LEVEL = 0.05

# the planted log ratio, and how far trained forces drift apart whatever the training
SCENARIOS = {
    "no effect": (0.0, 0.0),
    "ratio 0.8": (log(0.8), 0.0),
    "no effect, trained forces drift": (0.0, -0.5),
}


@dataclass
class Tally:
    """What was found in the panels of one scenario."""

    planted: float
    panels: int = 0
    failed: int = 0
    found: list[list[Effect]] = field(default_factory=list)
    dealt: list[float] = field(default_factory=list)
    apart: list[float] = field(default_factory=list)
    placebo: list[Effect] = field(default_factory=list)

    def add(self, rng: np.random.Generator, drift: float) -> None:
        world = simulate(rng, self.planted, drift)
        self.panels += 1
        try:
            corrections = corrected(world.panel, world.rates)
            found = estimated(corrections, [WINDOW, *PERIODS.values()])
            (placebo,) = estimated(corrections.each(earlier), [PLACEBO_WINDOW])
            counts = usable(corrections.counts)
            dealt, apart = permutation_p(counts, DEALS), pre_trend_p(counts)
        except CannotEstimateError:
            self.failed += 1
            return
        self.found.append(found)
        self.placebo.append(placebo)
        self.dealt.append(dealt)
        self.apart.append(apart)

    def coverage(self, period: int) -> str:
        return share(abs(f[period].log_ratio - self.planted) <= f[period].half for f in self.found)

    def rows(self) -> Mapping[str, str]:
        overall = [effects[0] for effects in self.found]
        coverage = {
            f"coverage, months {name}": self.coverage(number)
            for number, name in enumerate((OVERALL, *PERIODS))
        }
        least = [effect.least_detectable() for effect in overall]
        bias = np.mean([effect.log_ratio for effect in overall]) - self.planted
        return {
            "panels": f"{self.panels}",
            "without an estimate": f"{self.failed}",
            **coverage,
            "bias of the log ratio, months 1-12": f"{bias:+.3f}",
            "interval without 1, months 1-12": share(abs(e.log_ratio) > e.half for e in overall),
            "permutation p of 0.05 or less": share(p <= LEVEL for p in self.dealt),
            "pre-trend p of 0.05 or less": share(p <= LEVEL for p in self.apart),
            "placebo date's interval without 1": share(
                abs(e.log_ratio) > e.half for e in self.placebo
            ),
            "least detectable ratio, median": f"{np.median(least):.2f}",
        }


def share(outcomes: Iterable[bool]) -> str:
    return f"{np.mean([bool(outcome) for outcome in outcomes]):.1%}"


def main() -> None:
    tallies = {}
    for number, (name, (planted, drift)) in enumerate(SCENARIOS.items()):
        rng = np.random.default_rng([SEED, number])
        tally = tallies[name] = Tally(planted)
        for _ in range(PANELS):
            tally.add(rng, drift)
    columns = [tally.rows() for tally in tallies.values()]
    lines = [
        "| | " + " | ".join(tallies) + " |",
        "|---|" + "---:|" * len(tallies),
        *(f"| {row} | " + " | ".join(c[row] for c in columns) + " |" for row in columns[0]),
    ]
    text = "\n".join(lines)
    print(text)
    if "--write" in sys.argv:
        write_between(PAGE, "impact", text)


if __name__ == "__main__":
    main()
