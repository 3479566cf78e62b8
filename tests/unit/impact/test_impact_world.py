"""The bench's simulated panels hold what they say: a planted effect comes out again."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from bench.impact import Tally
from bench.impact_world import FORCES, MONTHS, TRAINED, simulate
from pipelines.impact.panel import NEVER


def test_a_halved_rate_is_found_again() -> None:
    tally = Tally(planted=log(0.5))
    for seed in range(1, 6):
        tally.add(np.random.default_rng(seed), drift=0.0)
    assert np.median([overall.ratio for overall, *_ in tally.found]) == pytest.approx(0.5, abs=0.1)
    assert tally.rows()["panels"] == "5"


def test_panels_have_every_force_in_every_month() -> None:
    panel = simulate(np.random.default_rng(3), 0.0, 0.0).panel
    assert panel.force.size == FORCES * MONTHS
    assert np.unique(panel.force[panel.start < NEVER]).size == TRAINED
