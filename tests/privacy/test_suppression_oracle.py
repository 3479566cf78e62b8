"""What is withheld beside unsafe cells, against tau-Argus and against trying every choice.

All three are given the same tables, the same protection to reach and the same cost: what is lost by
withholding a cell is its messages, tau-Argus's default. (A release weighs places and periods, which
tau-Argus cannot; the programme is the same.) Unsafe cells must stay as uncertain as tau-Argus asks.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from contextlib import chdir
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from pytauargus import protect
from scipy.optimize import linprog

from pipelines.release.audit.attack import Attack
from pipelines.release.audit.notes import NO_NOTES
from pipelines.release.cells import MESSAGES, Cell
from pipelines.release.optimise import choose
from pipelines.release.periods import months_of
from pipelines.release.places import NATIONAL, Places
from pipelines.release.suppression import Cut, Table, Term
from tests.privacy.worlds import BLOCK, key, world

FORCES = "ABC"
PLACES = Places({"A": "R1", "B": "R1", "C": "R2"})  # regions are in no table: nothing is lost there
MONTHS = months_of(BLOCK)
EMPTY = Cell(MONTHS[2], "C")  # tau-Argus takes the least cell of a table as a known bound
RULES = "NK(2,80)|FREQ(3,10)"
SIZES = (2, 3, 5, 8, 30)
SEEDS = range(12)


@dataclass(frozen=True)
class Protected:
    """A table of forces and months, with how far each unsafe cell must be from being told."""

    messages: dict[Cell, float]
    unsafe: dict[Cell, float]
    withheld: frozenset[Cell]

    @cached_property
    def safe(self) -> list[Cell]:
        return sorted(self.messages.keys() - self.unsafe.keys() - {EMPTY})

    def lost(self, withheld: Collection[Cell]) -> float:
        """Messages in the cells withheld beside the unsafe ones."""
        return sum(self.messages[cell] for cell in withheld if cell not in self.unsafe)


def tau_argus(method: str, seed: int, folder: Path) -> Protected:
    """A table, and what tau-Argus withholds of it."""
    rng = random.Random(seed)
    rows = [
        {"force": force, "month": month, "messages": float(rng.choice(SIZES))}
        for force in FORCES
        for month in MONTHS
        if Cell(month, force) != EMPTY
        for _ in range(rng.randint(1, 8))
    ]
    with chdir(folder):  # it leaves a file wherever it runs
        found = protect(
            rows,
            ["force", "month"],
            response="messages",
            safety_rules=RULES,
            suppress=method,
            workdir=str(folder),
        )
    cells = {
        Cell(
            BLOCK if row["month"] == "Total" else row["month"],
            NATIONAL if row["force"] == "Total" else row["force"],
        ): row
        for row in found.tables[0].rows
    }
    return Protected(
        {cell: row["messages"] for cell, row in cells.items()},
        {cell: row["upper"] for cell, row in cells.items() if row["status"] == "U"},
        frozenset(cell for cell, row in cells.items() if row["status"] in ("U", "M")),
    )


def ours(table: Protected) -> frozenset[Cell]:
    """What our programme withholds: where the audit's bounds are too close, figures that tell a
    cell may not all be published, as in ``draft``.
    """
    worth = {cell: table.messages[cell] for cell in table.safe}
    present = {month: frozenset(FORCES) for month in MONTHS}
    problem = Table(
        MESSAGES, (*MONTHS, BLOCK), PLACES, present, worth, frozenset({EMPTY}), reopened=False
    )
    cuts: set[Cut] = set()
    while True:
        withheld = table.messages.keys() - choose(problem, cuts)
        found = set(told(table, withheld))
        if not found:
            return frozenset(withheld)
        cuts |= found


def told(table: Protected, withheld: Collection[Cell]) -> Iterator[Cut]:
    """For every unsafe cell told too closely, the figures that tell it."""
    exact = {c: n for c, n in table.messages.items() if c not in withheld}
    figures = {key(cell.place, cell.period): (n, n) for cell, n in exact.items()}
    attack = Attack(
        world(figures, [key(c.place, c.period) for c in table.unsafe]), PLACES, NO_NOTES
    )
    for number, target in enumerate(attack.targets):
        low, high, because = attack.bounds(number)
        if not is_hidden(table, target.cell, low, high):
            yield Cut(frozenset(Term("published", source.cell) for source in because))


def is_hidden(table: Protected, cell: Cell, low: float, high: float) -> bool:
    value, distance = table.messages[cell], table.unsafe[cell]
    return low <= value - distance + 1e-6 and high >= value + distance - 1e-6


def least_lost(table: Protected) -> float:
    """The least that any choice of cells loses: every one is tried, cheapest first."""
    choices = [
        frozenset(chosen)
        for size in range(len(table.safe) + 1)
        for chosen in combinations(table.safe, size)
    ]
    return next(
        table.lost(chosen)
        for chosen in sorted(choices, key=table.lost)
        if all(is_hidden(table, c, *bounds(table, chosen, c)) for c in table.unsafe)
    )


def bounds(table: Protected, chosen: Collection[Cell], cell: Cell) -> tuple[float, float]:
    """By another solver's interface, over every sum that stays published."""
    units = [(month, force) for month in MONTHS for force in FORCES]
    published = [c for c in table.messages if c not in table.unsafe and c not in chosen]
    sums = np.array([members(c, units) for c in published])
    totals = np.array([table.messages[c] for c in published])
    ends = [
        linprog(sign * members(cell, units), A_eq=sums, b_eq=totals, bounds=(0, 1e6))
        for sign in (1, -1)
    ]
    return ends[0].fun, -ends[1].fun


def members(cell: Cell, units: list[tuple[str, str]]) -> np.ndarray:
    forces, months = PLACES.members(cell.place), months_of(cell.period)
    return np.array([float(month in months and force in forces) for month, force in units])


@pytest.mark.parametrize("method", ["OPT(1)", "MOD(1)"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_more_is_lost_than_tau_argus_loses(seed: int, method: str, tmp_path: Path) -> None:
    table = tau_argus(method, seed, tmp_path)
    assert not set(told(table, table.withheld))
    assert table.lost(ours(table)) <= table.lost(table.withheld)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_choice_at_all_loses_less(seed: int, tmp_path: Path) -> None:
    table = tau_argus("OPT(1)", seed, tmp_path)
    assert table.lost(ours(table)) == least_lost(table)
