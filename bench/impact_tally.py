"""What was found in the panels of one scenario of ``bench.impact``, counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log

import numpy as np

from bench.impact_release import effects_of
from bench.impact_world import World
from pipelines.impact.correction import corrected, estimated
from pipelines.impact.effects import OVERALL, PERIODS, WINDOW, Effect
from pipelines.impact.leads import pre_trend_p
from pipelines.impact.panel import usable
from pipelines.impact.permutation import permutation_p
from pipelines.impact.placebo import PLACEBO_WINDOW, earlier
from pipelines.impact.reasons import CannotEstimateError
from pipelines.release.effects import AFTER, PLACEBO_DATE
from pipelines.release.rows import EffectRow

DEALS = 199
LEVEL = 0.05


@dataclass
class Enclave:
    """Estimates of whole panels, as the enclave makes them."""

    planted: float
    panels: int = 0
    failed: int = 0
    found: list[list[Effect]] = field(default_factory=list)
    dealt: list[float] = field(default_factory=list)
    apart: list[float] = field(default_factory=list)
    placebo: list[Effect] = field(default_factory=list)

    def add(self, world: World) -> None:
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


@dataclass
class Published:
    """Estimates of what a release would publish of the same panels."""

    planted: float
    shown: list[float] = field(default_factory=list)
    found: list[Mapping[str, EffectRow]] = field(default_factory=list)

    def add(self, world: World, rng: np.random.Generator) -> None:
        """``rng`` deals the panel's messages to volunteers."""
        shown, found = effects_of(world, rng)
        self.shown.append(shown)
        self.found.append(found)

    def rows(self) -> Mapping[str, str]:
        overall = [row for row, *_ in self._intervals(OVERALL)]
        ratios = [log(ratio) for _, ratio, *_ in self._intervals(OVERALL)]
        p = [row.permutation_p for row in overall], [row.pre_trend_p for row in overall]
        dealt, apart = ([one for one in of if one is not None] for of in p)
        return {
            "panels": f"{len(self.found)}",
            "force-months with a figure": f"{np.mean(self.shown):.0%}",
            "without an estimate, months 1-12": f"{len(self.found) - len(overall)}",
            "forces compared, median": f"{np.median([row.forces for row in overall]):.0f}",
            "of them trained": f"{np.median([row.trained_forces for row in overall]):.0f}",
            **{f"coverage, months {name}": self._coverage(name) for name in AFTER},
            "bias of the log ratio, months 1-12": f"{np.mean(ratios) - self.planted:+.3f}",
            "interval without 1, months 1-12": self._away(OVERALL),
            "permutation p of 0.05 or less": share(one <= LEVEL for one in dealt),
            "pre-trend p of 0.05 or less": share(one <= LEVEL for one in apart),
            "placebo date's interval without 1": self._away(PLACEBO_DATE),
        }

    def _intervals(self, window: str) -> Iterator[tuple[EffectRow, float, float, float]]:
        """Where there is an estimate: its row, ratio, and limits."""
        for rows in self.found:
            row = rows[window]
            if row.ratio is not None and row.low is not None and row.high is not None:
                yield row, row.ratio, row.low, row.high

    def _coverage(self, window: str) -> str:
        planted = np.exp(self.planted)
        return share(low <= planted <= high for *_, low, high in self._intervals(window))

    def _away(self, window: str) -> str:
        return share(not low <= 1 <= high for *_, low, high in self._intervals(window))


def share(outcomes: Iterable[bool]) -> str:
    """How many hold, in per cent."""
    return f"{np.mean([bool(outcome) for outcome in outcomes]):.1%}"
