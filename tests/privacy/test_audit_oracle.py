"""The audit's bounds against tau-Argus's own, on tables that tau-Argus itself suppressed."""

from __future__ import annotations

import random
from contextlib import chdir
from pathlib import Path

import pytest
from pytauargus import protect

from pipelines.release.audit.attack import Attack
from pipelines.release.audit.notes import NO_NOTES
from pipelines.release.audit.world import Key
from pipelines.release.periods import months_of
from pipelines.release.places import NATIONAL, Places
from tests.privacy.worlds import BLOCK, key, world

FORCES = "ABCD"
PLACES = Places({"A": "R1", "B": "R1", "C": "R2", "D": "R2"})
EMPTY = ("D", months_of(BLOCK)[2])  # tau-Argus takes the least cell of a table as a known bound
RULES = "NK(2,80)|FREQ(3,10)"
SIZES = (2, 3, 5, 8, 30)

Interval = tuple[float, float]


@pytest.mark.parametrize("seed", range(8))
def test_every_suppressed_cell_has_the_bounds_tau_argus_finds(seed: int, tmp_path: Path) -> None:
    published, theirs = suppressed_by_tau_argus(seed, tmp_path)
    assert theirs
    attack = Attack(world(published, list(theirs)), PLACES, NO_NOTES)
    ours = {target: attack.bounds(number)[:2] for number, target in enumerate(attack.targets)}
    assert ours == {target: pytest.approx(bounds) for target, bounds in theirs.items()}


def suppressed_by_tau_argus(
    seed: int, folder: Path
) -> tuple[dict[Key, Interval], dict[Key, Interval]]:
    """A table of forces and months: what optimal suppression publishes, and bounds of the rest."""
    with chdir(folder):  # it leaves files wherever it runs
        result = protect(
            contributions(random.Random(seed)),
            ["force", "month"],
            response="messages",
            safety_rules=RULES,
            suppress="OPT(1)",
            workdir=str(folder),
        )
        bounds = {row["cell"]: (row["min"], row["max"]) for row in result.engine.audit(0)}
    published, withheld = {}, {}
    for number, row in enumerate(result.tables[0].rows):
        place = NATIONAL if row["force"] == "Total" else row["force"]
        cell = key(place, BLOCK if row["month"] == "Total" else row["month"])
        if number in bounds:
            withheld[cell] = bounds[number]
        else:
            published[cell] = (row["messages"], row["messages"])
    return published, withheld


def contributions(rng: random.Random) -> list[dict[str, str | float]]:
    """One row a contributor, force and month."""
    return [
        {"force": force, "month": month, "messages": float(rng.choice(SIZES))}
        for force in FORCES
        for month in months_of(BLOCK)
        if (force, month) != EMPTY
        for _ in range(rng.randint(1, 8))
    ]
