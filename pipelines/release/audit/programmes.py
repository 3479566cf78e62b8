"""Bound every withheld value of a quarter.

Two programmes a value would do, and are too many. One solution is a possible world, and shows how
low or high *every* withheld value may be in it: so each force in turn is made to hold as much as
it can, all else as little. What these worlds do not show to be hidden gets its own two programmes,
so the verdict is the exact one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.release.audit.constraints import Constraints, constrain, indicator
from pipelines.release.audit.insider import Own
from pipelines.release.audit.notes import AuditNotes
from pipelines.release.audit.solver import DUAL, PRIMAL, Solver, Vector
from pipelines.release.audit.world import Key, World, judged_as
from pipelines.release.places import Places
from pipelines.release.policy import MIN_WIDTH, MIN_WIDTH_PERCENT, WithheldError, check_can_leave

TOLERANCE = 1e-6
PULL = 1e-3  # how much the rest is pulled down while one force is pushed up


@dataclass(frozen=True, slots=True)
class Exposed:
    """A withheld value that can be told too closely, and the published figures that tell it."""

    key: Key
    low: float
    high: float
    insider: bool
    because: frozenset[Key]


class Programmes:
    """The questions one quarter can be asked, and what the worlds seen so far have shown."""

    def __init__(self, world: World, places: Places, notes: AuditNotes) -> None:
        self.constraints: Constraints = constrain(world, places, notes)
        members = {key: self.constraints.members(key, places) for key in world.withheld}
        self.targets = [
            key
            for key in world.withheld
            if members[key] and (key.generation or (judged_as(key), key.cell) not in notes.harmless)
        ]
        self.rows = indicator(self.constraints, self.targets, places)
        self.solver = Solver(self.constraints)
        self.places = places
        self.programmes = 0
        self.low = np.full(len(self.targets), np.inf)
        self.high = np.full(len(self.targets), -np.inf)

    def not_shown_hidden(self) -> Sequence[int]:
        """Targets that no world found so far shows to be hidden."""
        self.forget()
        for force in sorted({count.force for count in self.constraints.columns}):
            open_targets = self._open()
            if not len(open_targets):
                break
            wanted = np.asarray(self.rows[open_targets].sum(axis=0)).ravel() > 0
            here = np.array([count.force == force for count in self.constraints.columns])
            self._see(np.where(here & wanted, 1.0, -PULL), DUAL)
        return [int(target) for target in self._open()]

    def forget(self) -> None:
        """Worlds seen so far prove nothing to somebody who knows more."""
        self.low[:], self.high[:] = np.inf, -np.inf

    def _open(self) -> NDArray[np.intp]:
        width = self.high - self.low
        needed = np.maximum(MIN_WIDTH, MIN_WIDTH_PERCENT / 100 * self.high)
        return np.flatnonzero(~(width >= needed - TOLERANCE))

    def judge(self, target: int, own: Own | None = None) -> Exposed | None:
        """Its own two programmes, unless worlds seen meanwhile have shown it hidden."""
        if target not in self._open():
            return None
        low, high, because = self.bounds(target)
        columns = self.constraints.members(self.targets[target], self.places)
        held = 0.0 if own is None else sum(own.get(column, 0.0) for column in columns)
        try:
            check_can_leave(low, high + TOLERANCE, held)
        except WithheldError:
            return Exposed(self.targets[target], low, high, own is not None, because)
        return None

    def bounds(self, target: int) -> tuple[float, float, frozenset[Key]]:
        """The least and most a target can be, and the published figures that say so."""
        row = np.asarray(self.rows[[target]].todense()).ravel()
        high = float(row @ self._see(row))
        binding = set(self.solver.binding())
        low = float(row @ self._see(-row))
        binding |= set(self.solver.binding())
        sources = (self.constraints.source[number] for number in binding)
        return low, high, frozenset(source for source in sources if source is not None)

    def extremes(self, target: int) -> tuple[float, float]:
        """The least and most a target can be, of worlds that are not kept."""
        self.programmes += 2
        row = np.asarray(self.rows[[target]].todense()).ravel()
        high = float(row @ self.solver.maximise(row))
        return float(row @ self.solver.maximise(-row)), high

    def _see(self, weights: Vector, method: int = PRIMAL) -> Vector:
        """The world where ``weights`` is largest; what it shows is kept."""
        self.programmes += 1
        world = self.solver.maximise(weights, method)
        values = self.rows @ world
        np.minimum(self.low, values, out=self.low)
        np.maximum(self.high, values, out=self.high)
        return world
