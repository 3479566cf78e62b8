"""Complementary suppression by itself, on tables small enough to try every choice.

Here everybody wrote one message, so a count is its people: it may be published, or left by
subtraction, from ten on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import GateError
from pipelines.release.audit.attack import Attack
from pipelines.release.audit.notes import AuditNotes
from pipelines.release.cells import MESSAGES, Cell, Pool
from pipelines.release.optimise import choose
from pipelines.release.periods import months_of
from pipelines.release.places import NATIONAL, Places
from pipelines.release.policy import MIN_CONTRIBUTORS
from pipelines.release.suppression import Cut, Exposure, Table, Term, exposures, information
from tests.privacy.worlds import key, world

PLACES = Places({"A": "R1", "B": "R1", "C": "R2", "D": "R2"})
JANUARY, FEBRUARY, MARCH = MONTHS = months_of("2026-Q1")
QUARTER = "2026-Q1"

Counts = Mapping[tuple[str, str], int]
"""Messages by month and force."""


def table(counts: Counts, periods: Collection[str] = (JANUARY,), frozen: Collection[Cell] = ()) -> Table:
    """The places' cells of these periods, worth what they are in a release."""
    present = {m: frozenset(f for (month, f), n in counts.items() if month == m and n) for m in MONTHS}
    worth = {
        cell: information(cell, n, PLACES)
        for cell in (Cell(period, place) for period in periods for place in PLACES.all)
        if (n := held(counts, cell)) >= MIN_CONTRIBUTORS and cell not in frozen
    }
    return Table(
        MESSAGES, tuple(periods), PLACES, present, worth, frozenset(frozen), reopened=bool(frozen)
    )


def held(counts: Counts, cell: Cell) -> int:
    forces, months = PLACES.members(cell.place), months_of(cell.period)
    return sum(n for (month, force), n in counts.items() if month in months and force in forces)


def unsafe(counts: Counts, here: Table, published: frozenset[Cell]) -> Iterator[Exposure]:
    """What subtraction leaves and may not be left: one cell, or fewer than ten people."""
    for exposure in exposures(here, published):
        pool: Pool | None = exposure.pool
        if pool is None or sum(counts[unit] for unit in pool) < MIN_CONTRIBUTORS:
            yield exposure


def settled(counts: Counts, here: Table) -> frozenset[Cell]:
    """Choose, forbid what may not be left, and choose again, as ``disclosure`` does."""
    cuts: set[Cut] = set()
    while True:
        published = choose(here, cuts)
        found = {cut for exposure in unsafe(counts, here, published) for cut in exposure.cuts}
        if not found:
            return published
        cuts |= found


def in_january(**counts: int) -> Counts:
    return {(JANUARY, force): n for force, n in counts.items()}


#   A    B    C    D     withheld, beside counts below ten
ONE_MONTH = """
    40   40   40   40
    40   40   40   0
    40   30   40   5     C
    40   30   5    5     R1
    40   30   6    0     R1 EW
    5    40   40   40    B
    5    20   40   6     R1
    5    5    40   40
    5    4    40   40    R1
    9    0    0    0
"""


@pytest.mark.parametrize("line", ONE_MONTH.strip().splitlines())
def test_what_is_withheld_to_hide_small_counts(line: str) -> None:
    numbers, expected = line.split()[:4], line.split()[4:]
    counts = in_january(**dict(zip("ABCD", map(int, numbers), strict=True)))
    here = table(counts)
    published = settled(counts, here)
    assert [c.place for c in sorted(here.worth.keys() - published)] == expected
