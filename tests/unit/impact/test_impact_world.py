"""The bench's simulated panels hold what they say: a planted effect comes out again.

So does it, of fewer forces and less exactly, from what a release would publish of them.
"""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from bench.impact_release import MONTHS as RELEASED
from bench.impact_release import PLACES, part_of, published, trend_rows
from bench.impact_tally import Enclave, Published
from bench.impact_world import FORCES, MONTHS, TRAINED, simulate
from pipelines.impact.panel import NEVER


def test_a_halved_rate_is_found_again() -> None:
    tally = Enclave(planted=log(0.5))
    for seed in range(1, 6):
        tally.add(simulate(np.random.default_rng(seed), log(0.5), apart=0.0))
    assert np.median([overall.ratio for overall, *_ in tally.found]) == pytest.approx(0.5, abs=0.1)
    assert tally.rows()["panels"] == "5"


def test_panels_have_every_force_in_every_month() -> None:
    panel = simulate(np.random.default_rng(3), 0.0, 0.0).panel
    assert panel.force.size == FORCES * MONTHS
    assert np.unique(panel.force[panel.start < NEVER]).size == TRAINED


CUMBRIA, LANCASHIRE, GWENT = "E23000002", "E23000003", "W15000002"
TWENTY = (np.full(20, 10), np.full(20, 2))
NINE_FLAGGED = (np.full(20, 10), np.repeat([2, 0], [9, 11]))
NINETEEN = (np.full(19, 10), np.full(19, 2))

# forces unlike the rest, where 20 people have 2 of 10 messages flagged; then which are withheld
WITHHELD = [
    ({}, set()),
    # the region is worth a quarter of five forces' messages: the smallest force is given up
    ({CUMBRIA: NINE_FLAGGED, LANCASHIRE: NINETEEN}, {CUMBRIA, LANCASHIRE}),
    # nothing is told by subtracting from the region what leaves enough people
    ({CUMBRIA: NINE_FLAGGED, LANCASHIRE: NINE_FLAGGED}, {CUMBRIA, LANCASHIRE}),
    # a quarter of four forces' messages: the region is given up
    ({GWENT: NINE_FLAGGED}, {GWENT}),
]


@pytest.mark.parametrize(("unlike", "withheld"), WITHHELD)
def test_a_force_withheld_hides_behind_another(
    unlike: dict[str, tuple[np.ndarray, np.ndarray]], withheld: set[str]
) -> None:
    held = {force: unlike.get(force, TWENTY) for force in PLACES.forces}
    shown = published(held, {force: part_of(*of) for force, of in held.items()})
    assert set(PLACES.forces) - shown == withheld


def test_a_halved_rate_is_found_again_in_what_is_published() -> None:
    tally = Published(planted=log(0.5))
    for seed in range(1, 4):
        world = simulate(np.random.default_rng(seed), log(0.5), apart=0.0)
        tally.add(world, np.random.default_rng([seed, 1]))
    ratios = [rows["1-12"].ratio for rows in tally.found]
    assert np.median(ratios) == pytest.approx(0.5, abs=0.15)
    assert tally.rows()["panels"] == "3"


def test_published_figures_are_rounded_and_some_withheld() -> None:
    rng = np.random.default_rng(3)
    rows = list(trend_rows(simulate(rng, 0.0, 0.0), rng))
    assert len(rows) == FORCES * len(RELEASED) == FORCES * MONTHS
    assert any(row.flagged is None for row in rows)
    assert all(row.flagged % 5 == 0 for row in rows if row.flagged is not None)
