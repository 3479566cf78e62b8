"""Trainings that never were: what the method finds where it should find nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipelines.impact.panel import NEVER, Panel

PLACEBO_EARLIER = 6  # months before training that the pretended one begins
PLACEBO_WINDOW = (1, 5)  # months since then, all of them before training


def earlier(panel: Panel) -> Panel:
    """The months before training alone, as if it had begun ``PLACEBO_EARLIER`` months earlier."""
    before = panel.where(~panel.treated)
    start = np.where(before.start < NEVER, before.start - PLACEBO_EARLIER, NEVER)
    return replace(before, start=start)
