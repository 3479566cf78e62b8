"""How often chance alone would do as much: training dates dealt out again among the forces.

The statistic is the score of "has been trained" where training does nothing: the excess of counts
over a regression on forces and months alone, weighted by what those leave of the trained months,
over its standard error clustered by force. Under no effect the regression is the same whoever was
trained, so it is fitted once. Dividing by the standard error keeps the test honest where forces
differ in size (Chung and Romano, 2013; Hagemann, 2019).
"""

from __future__ import annotations

import numpy as np

from pipelines.impact.panel import Floats, Panel
from pipelines.impact.poisson import fit

DEALS = 999  # so that the smallest p is 0.001
SEED = 20260101  # the same panel gives the same p
ALIKE = 1e-9  # of a statistic or of all counts: less is rounding, unlike on each machine


def permutation_p(panel: Panel, deals: int = DEALS, seed: int = SEED) -> float:
    """Two-sided p of no effect on any force, for a usable panel."""
    forces, index = np.unique(panel.force, return_inverse=True)
    months = np.unique(panel.month)
    starts = np.array([panel.start[panel.force == force][0] for force in forces])
    levels = np.column_stack(
        [
            (panel.force[:, None] == forces).astype(float),
            (panel.month[:, None] == months[1:]).astype(float),
        ]
    )
    fitted = fit(levels, panel.count, panel.messages)
    mean = fitted.mean
    generator = np.random.default_rng(seed)
    dealt = [starts, *(generator.permutation(starts) for _ in range(deals))]
    trained = np.stack([(panel.month > dates[index]) for dates in dealt], axis=1).astype(float)
    weighted = levels * mean[:, None]
    explained = np.linalg.solve(levels.T @ weighted, weighted.T @ trained)
    excess = (trained - levels @ explained) * (panel.count - mean)[:, None]
    statistics = _studentised(excess, index, forces.size, ALIKE * float(mean.sum()))
    return float(np.mean(statistics >= statistics[0] * (1 - ALIKE)))


def _studentised(excess: Floats, index: np.ndarray, forces: int, least: float) -> Floats:
    """Absolute sums over forces, each over the root of its forces' squared sums: nothing where
    those are under ``least``."""
    by_force = np.zeros((forces, excess.shape[1]))
    np.add.at(by_force, index, excess)
    excess_of_all, error = np.abs(by_force.sum(axis=0)), np.sqrt((by_force**2).sum(axis=0))
    found: Floats = np.divide(excess_of_all, error, out=np.zeros_like(error), where=error > least)
    return found
