"""Complementary suppression by itself, on tables small enough to try every choice.

Here everybody wrote one message, so a count is its people: it may be published, or left by
subtraction, from ten on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
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


def table(
    counts: Counts, periods: Collection[str] = (JANUARY,), frozen: Collection[Cell] = ()
) -> Table:
    """The places' cells of these periods, worth what they are in a release."""
    present = {
        m: frozenset(f for (month, f), n in counts.items() if month == m and n) for m in MONTHS
    }
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
    40   30   5    5
    40   30   6    0     EW
    5    40   40   40    B
    5    20   40   6     R1 R2
    5    5    40   40
    5    4    40   40    EW
    9    0    0    0
"""
"""Forty of C hide the five of D, at less loss than their region and the nation; where another pair
fails as well, two regions are less than a force. Five and five hide each other."""


@pytest.mark.parametrize("line", ONE_MONTH.strip().splitlines())
def test_what_is_withheld_to_hide_small_counts(line: str) -> None:
    numbers, expected = line.split()[:4], line.split()[4:]
    counts = in_january(**dict(zip("ABCD", map(int, numbers), strict=True)))
    here = table(counts)
    published = settled(counts, here)
    assert [c.place for c in sorted(here.worth.keys() - published)] == expected


#   Jan  Feb  Mar   withheld of A, whose quarter is a cell as well
ONE_FORCE = """
    40   40   40
    40   5    5
    40   40   5     2026-Q1
    40   4    5     2026-Q1
    40   0    12
    40   0    9     2026-Q1
    9    0    0
"""


@pytest.mark.parametrize("line", ONE_FORCE.strip().splitlines())
def test_a_quarter_less_its_months_is_a_pool_as_well(line: str) -> None:
    numbers, expected = line.split()[:3], line.split()[3:]
    counts = {(month, "A"): int(n) for month, n in zip(MONTHS, numbers, strict=True)}
    of_a = {cell: held(counts, cell) for cell in (Cell(p, "A") for p in (*MONTHS, QUARTER))}
    worth = {c: information(c, n, PLACES) for c, n in of_a.items() if n >= MIN_CONTRIBUTORS}
    here = replace(table(counts, (*MONTHS, QUARTER)), worth=worth)
    published = settled(counts, here)
    assert [c.period for c in sorted(here.worth.keys() - published)] == expected


@pytest.mark.parametrize(
    ("place", "period", "worth"),
    [("A", JANUARY, 100), ("R1", JANUARY, 25), (NATIONAL, JANUARY, 50), ("A", QUARTER, 30)],
)
def test_what_a_hundred_messages_are_worth(place: str, period: str, worth: float) -> None:
    assert information(Cell(period, place), 100, PLACES) == worth


def test_what_subtraction_leaves() -> None:
    """The region less A leaves B alone; the nation less what the region covers, C with D."""
    counts = in_january(A=40, B=5, C=8, D=7)
    published = frozenset(Cell(JANUARY, place) for place in ("A", "R1", NATIONAL))
    of_nation, of_region = exposures(table(counts), published)
    region = frozenset({known("R1"), known("A")})
    assert of_region == Exposure(None, (Cut(region, known("B")),), known("R1"))
    assert of_nation.pool == {(JANUARY, "C"), (JANUARY, "D")}
    nation = frozenset({known(NATIONAL), covered("A"), covered("B")})
    assert of_nation.cuts == (Cut(nation, covered("C")), Cut(nation, covered("D")))


def test_a_quarter_counted_anew_beside_its_months_would_tell_what_changed() -> None:
    """January is frozen, and the quarter counts it again: not beside every force's own months."""
    counts = {(JANUARY, "A"): 40, (FEBRUARY, "A"): 30, (MARCH, "A"): 30}
    frozen = frozenset({Cell(JANUARY, "A")})
    here = table(counts, (FEBRUARY, MARCH, QUARTER), frozen)
    quarter = frozenset({Cell(QUARTER, "A"), Cell(QUARTER, "R1"), *frozen})
    region = known("R1", QUARTER)
    told = Exposure(None, (Cut(frozenset({region, known("A", QUARTER)})),), region)
    for reopened, expected in ((True, [told]), (False, [])):
        found = exposures(replace(here, reopened=reopened), quarter)
        assert [exposure for exposure in found if exposure.pool is None] == expected


def test_a_cell_that_other_months_and_their_quarter_tell_is_known() -> None:
    here = table(in_january(A=40))
    three = frozenset(Cell(period, "A") for period in (JANUARY, FEBRUARY, QUARTER))
    assert here.holds(Term("known", Cell(MARCH, "A")), three)
    assert not here.holds(Term("published", Cell(MARCH, "A")), three)
    assert not here.holds(Term("known", Cell(MARCH, "A")), three - {Cell(QUARTER, "A")})


def test_a_force_is_covered_by_its_region() -> None:
    here = table(in_january(A=40, B=40))
    region = frozenset({Cell(JANUARY, "R1")})
    assert here.holds(Term("covered", Cell(JANUARY, "A")), region)
    assert not here.holds(Term("known", Cell(JANUARY, "A")), region)


def test_without_a_cut_everything_is_published() -> None:
    here = table(in_january(A=40, B=40))
    assert choose(here, ()) == frozenset(here.worth)


TOGETHER = frozenset({Term("published", Cell(JANUARY, place)) for place in ("A", "B")})
UNLESS_C = Term("published", Cell(JANUARY, "C"))


@pytest.mark.parametrize(
    ("cuts", "withheld"),
    [
        ([Cut(TOGETHER)], ["B"]),  # worth less than A
        ([Cut(TOGETHER, UNLESS_C)], []),
        ([Cut(TOGETHER, UNLESS_C), Cut(frozenset({UNLESS_C}))], ["B", "C"]),
        ([Cut(frozenset({Term("covered", Cell(JANUARY, "A"))}))], ["A", "R1"]),
    ],
)
def test_what_a_cut_costs(cuts: list[Cut], withheld: list[str]) -> None:
    here = table(in_january(A=50, B=40, C=60, D=60))
    published = choose(here, cuts)
    assert sorted(c.place for c in here.worth.keys() - published) == withheld


def test_frozen_cells_stay_and_others_make_room() -> None:
    """A is out already: B, worth more, is withheld."""
    here = table(in_january(A=40, B=90), frozen=[Cell(JANUARY, "A")])
    assert choose(here, [Cut(TOGETHER)]) == here.frozen | here.worth.keys() - {Cell(JANUARY, "B")}


def test_where_frozen_cells_leave_no_safe_choice_it_says_so() -> None:
    here = table(in_january(A=40, B=40), frozen=[Cell(JANUARY, "A"), Cell(JANUARY, "B")])
    with pytest.raises(GateError, match="no safe choice of messages cells of 2026-01"):
        choose(here, [Cut(TOGETHER)])


counts_of_january = st.fixed_dictionaries(
    {(JANUARY, force): st.sampled_from([0, 1, 3, 6, 9, 10, 12, 20, 30, 60]) for force in "ABCD"}
)


@settings(max_examples=60, deadline=None)
@given(counts_of_january)
def test_no_choice_at_all_publishes_more(counts: Counts) -> None:
    here = table(counts)
    published = settled(counts, here)
    cells = sorted(here.worth)
    every = chain.from_iterable(combinations(cells, n) for n in range(len(cells) + 1))
    safe = [set(c) for c in every if not any(unsafe(counts, here, frozenset(c)))]
    assert worth(here, published) == pytest.approx(max(worth(here, choice) for choice in safe))


@settings(max_examples=60, deadline=None)
@given(counts_of_january)
def test_what_is_chosen_survives_the_attack_and_nothing_more_would(counts: Counts) -> None:
    """The planted secret: any cell withheld to hide others, published after all, tells one."""
    here = table(counts)
    published = settled(counts, here)
    assert not told(counts, here, published)
    for cell in here.worth.keys() - published:
        assert told(counts, here, published | {cell})


def worth(here: Table, published: Collection[Cell]) -> float:
    return sum(here.worth[cell] for cell in published)


def told(counts: Counts, here: Table, published: frozenset[Cell]) -> list[Cell]:
    """Cells of one to nine that the audit bounds too closely, from exact counts."""
    figures = {
        key(c.place, c.period): (float(n), float(n)) for c in published if (n := held(counts, c))
    }
    withheld = [
        Cell(JANUARY, place) for place in PLACES.all if Cell(JANUARY, place) not in published
    ]
    small = [key(c.place, c.period) for c in withheld if 0 < held(counts, c) < MIN_CONTRIBUTORS]
    attack = Attack(world(figures, small), PLACES, AuditNotes(here.present, frozenset()))
    return [found.key.cell for found in attack.run().exposed]


def known(place: str, period: str = JANUARY) -> Term:
    return Term("known", Cell(period, place))


def covered(place: str) -> Term:
    return Term("covered", Cell(JANUARY, place))
