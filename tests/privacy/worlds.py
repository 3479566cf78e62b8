"""Small public worlds made by hand, and a way to bound them that shares no code with the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np

from pipelines.release.audit.notes import AuditNotes
from pipelines.release.audit.world import ALL_MESSAGES, CONTRIBUTORS, Figure, Key, World
from pipelines.release.cells import MESSAGES, Cell
from pipelines.release.periods import months_of
from pipelines.release.places import Places

PLACES = Places({"A": "R1", "B": "R1", "C": "R2"})
BLOCK = "2026-Q1"
JANUARY, FEBRUARY = "2026-01", "2026-02"
PRESENT = {JANUARY: frozenset("ABC"), FEBRUARY: frozenset("ABC"), "2026-03": frozenset("")}
NOTES = AuditNotes(PRESENT, frozenset())


def key(place: str, period: str) -> Key:
    """All messages of a place in a period."""
    return Key(MESSAGES, ALL_MESSAGES, Cell(period, place))


def people(place: str, period: str) -> Key:
    """The contributors of a place in a period."""
    return Key(CONTRIBUTORS, ALL_MESSAGES, Cell(period, place))


def world(published: Mapping[Key, tuple[float, float]], withheld: Iterable[Key]) -> World:
    """A world of messages alone; ``published`` are intervals."""
    figures = tuple(Figure(k, low, high) for k, (low, high) in published.items())
    return World(BLOCK, figures, tuple(withheld))


def value(truth: Mapping[tuple[str, str], int], cell: Cell) -> int:
    """A cell's value where ``truth`` is by force and month."""
    forces = PLACES.members(cell.place)
    return sum(truth.get((f, m), 0) for f in forces for m in months_of(cell.period))


def brute_force(
    published: Mapping[Key, tuple[float, float]], target: Key, most: int
) -> tuple[int, int]:
    """Least and most of ``target`` over every table of whole counts up to ``most`` that fits."""
    counts = list(product("ABC", (JANUARY, FEBRUARY)))
    grid = np.indices((most + 1,) * len(counts)).reshape(len(counts), -1)
    sums = {
        k: sum((grid[counts.index(c)] for c in counts if _is_in(c, k.cell)), np.zeros_like(grid[0]))
        for k in (*published, target)
    }
    fits = np.all(
        [(sums[k] >= low) & (sums[k] <= high) for k, (low, high) in published.items()], axis=0
    )
    found = sums[target][fits]
    return int(found.min()), int(found.max())


def _is_in(count: tuple[str, str], cell: Cell) -> bool:
    force, month = count
    return force in PLACES.members(cell.place) and month in months_of(cell.period)
