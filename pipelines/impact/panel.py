"""Force-months to compare: who was trained when, and which rows a comparison can use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipelines.impact.reasons import CannotEstimateError, Reason

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

NEVER = 100_000  # the training month of a force that is never trained: later than any
MIN_MONTHS_BEFORE = 3  # untrained months a force needs: fewer are no level to compare with
MIN_CONTROLS = 3  # untrained forces a month needs: left without any one, it still has two
MIN_TRAINED, MIN_COHORTS = 3, 2  # an average over fewer forces or dates is a story of one of them


@dataclass(frozen=True)
class Panel:
    """One category's force-months. Every array has one value a row.

    ``force`` and ``month`` are indices, ``start`` the index of the month in which training began
    (``NEVER`` where it did not), ``messages`` all of the month's, ``count`` those of the category,
    corrected or not: a corrected count may be below zero.
    """

    force: Ints
    month: Ints
    start: Ints
    messages: Floats
    count: Floats

    @property
    def event(self) -> Ints:
        """Months since the month training began; far below zero for the never trained."""
        return self.month - self.start

    @property
    def treated(self) -> Mask:
        """From the month training began. That month itself is neither before nor after."""
        return self.event >= 0

    def where(self, rows: Mask) -> Panel:
        """Only these rows."""
        return Panel(
            self.force[rows],
            self.month[rows],
            self.start[rows],
            self.messages[rows],
            self.count[rows],
        )

    def with_count(self, count: Floats) -> Panel:
        """The same rows with another outcome."""
        return replace(self, count=count)


def make_panel(rows: Iterable[tuple[int, int, int, float, float]]) -> Panel:
    """From ``(force, month, start, messages, count)``."""
    force, month, start, messages, count = list(zip(*rows, strict=True)) or [()] * 5
    whole, real = np.int64, np.float64
    return Panel(
        np.array(force, whole),
        np.array(month, whole),
        np.array(start, whole),
        np.array(messages, real),
        np.array(count, real),
    )


def usable(panel: Panel) -> Panel:
    """The rows that a comparison can rest on.

    Forces need months before their training with something in them, and months need untrained
    forces: leaving out one may undo another, so until nothing changes. A force whose corrected
    counts sum to no more than zero has no rate to compare. Raises ``CannotEstimateError`` where
    too few trained forces or dates are left.
    """
    panel = panel.where(panel.messages > 0)
    while True:
        untrained = ~panel.treated
        forces = _enough(panel.force, panel.count, untrained, MIN_MONTHS_BEFORE)
        months = _enough(panel.month, panel.count, untrained, MIN_CONTROLS)
        keep = forces & months & (_total(panel.force, panel.count) > 0)
        if keep.all():
            break
        panel = panel.where(keep)
    after = panel.event >= 1
    if np.unique(panel.force[after]).size < MIN_TRAINED:
        raise CannotEstimateError(Reason.TRAINED_FORCES)
    if np.unique(panel.start[after]).size < MIN_COHORTS:
        raise CannotEstimateError(Reason.COHORTS)
    return panel


def _enough(of: Ints, count: Floats, untrained: Mask, needed: int) -> Mask:
    """Rows whose force (or month) has enough untrained rows, and a total above zero in them."""
    rows = _total(of, untrained.astype(float))
    found: Mask = (rows >= needed) & (_total(of, np.where(untrained, count, 0.0)) > 0)
    return found


def _total(of: Ints, values: Floats) -> Floats:
    """The sum over each row's force (or month)."""
    found: Floats = np.bincount(of, values).astype(np.float64)[of]
    return found
