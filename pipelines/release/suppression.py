"""Which cells of a table are published, so that no withheld one is found by subtraction.

A *table* is one split of messages (all of them, one category, one habit) over one quarter: its
cells are the places, by month and by quarter. Two kinds of sum link them: a region or England and
Wales is the sum of its forces, a quarter the sum of its months. What subtracting published cells
from a published sum leaves is a *pool* of withheld ones. Every pool must pass the policy as a cell
does. Where one fails, a *cut* says that the sum and the parts it was subtracted from cannot all
be known; among all choices the cuts allow, a mixed-integer programme finds the one that loses
least information (Fischetti and Salazar-González, 2001, with pools in place of intervals). Pools
are made as they are met, so that a pool's people can be counted exactly, by a query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipelines.release.cells import Cell, Pool
from pipelines.release.periods import block_of, is_quarter, months_of
from pipelines.release.places import NATIONAL, Places

INFORMATION = {"force": 1.0, "region": 0.25, "national": 0.5, "quarter": 0.3}
"""What a cell is worth for each message in it. A quarter is worth a little less than one of its
months, so none is given up for it; England and Wales as much as half of its forces."""


class Term(NamedTuple):
    """Something the public may come to know.

    A ``known`` cell is ``published``, or follows from the rest of its quarter: the quarter from its
    months, a month from its quarter and the others. A ``covered`` one is a force's that is known,
    or whose region's is.
    """

    kind: Literal["published", "known", "covered"]
    cell: Cell


class Cut(NamedTuple):
    """``together`` may not all hold, unless ``unless`` does."""

    together: frozenset[Term]
    unless: Term | None = None


@dataclass(frozen=True)
class Table:
    """One split over one quarter.

    ``periods`` are those this release adds.
    ``present`` are the forces with a message, by month: the others have nothing to protect and
    hide nobody. ``worth`` are the cells that may be published, with the information in each;
    ``frozen`` are those an earlier release published; ``reopened`` says that one did, so that a
    quarter counts other messages than its frozen months do.
    """

    split: str
    periods: tuple[str, ...]
    places: Places
    present: Mapping[str, frozenset[str]]
    worth: Mapping[Cell, float]
    frozen: frozenset[Cell]
    reopened: bool

    def forces(self, place: str, period: str) -> frozenset[str]:
        """The forces of a place with a message in a period."""
        here = frozenset[str]().union(*(self.present.get(m, ()) for m in months_of(period)))
        return self.places.members(place) & here

    def pool(self, forces: frozenset[str], months: tuple[str, ...]) -> Pool:
        """What these forces wrote in these months."""
        return frozenset((m, f) for m in months for f in forces & self.present.get(m, frozenset()))

    def reasons(self, term: Term) -> list[list[Cell]]:
        """Each list of published cells that makes the term hold."""
        period, place = term.cell
        if term.kind == "covered":
            region = Cell(period, self.places.region_of[place])
            both = (term.cell, region)
            return [reason for cell in both for reason in self.reasons(Term("known", cell))]
        if term.kind == "published":
            return [[term.cell]]
        quarter = block_of(period)
        whole = [Cell(other, place) for other in (*months_of(quarter), quarter)]
        return [[term.cell], [cell for cell in whole if cell != term.cell]]

    def holds(self, term: Term, published: frozenset[Cell]) -> bool:
        """Whether a term of a cut holds where ``published`` are."""
        return any(published.issuperset(reason) for reason in self.reasons(term))


class Exposure(NamedTuple):
    """What subtraction leaves, and the cuts that would prevent it.

    ``pool`` is ``None`` where it may not be left whatever is in it: a single cell, which withheld
    would be given away, or nothing at all where that tells what changed. A pool stays exposed
    while any of its forces is not covered otherwise: one cut for each. ``margin`` is the sum that
    was subtracted from: without it nothing is left.
    """

    pool: Pool | None
    cuts: tuple[Cut, ...]
    margin: Term


def exposures(table: Table, published: frozenset[Cell]) -> Iterator[Exposure]:
    """Every pool an outsider gets by subtracting published cells from a published sum."""
    for period in table.periods:
        for place in (NATIONAL, *table.places.regions):
            if table.holds(Term("known", Cell(period, place)), published):
                yield from _over_forces(table, published, Cell(period, place))
    for cell in sorted(published):
        if is_quarter(cell.period):
            yield from _over_months(table, published, cell)


def _over_forces(table: Table, published: frozenset[Cell], margin: Cell) -> Iterator[Exposure]:
    kind: Literal["known", "covered"] = "covered" if margin.place == NATIONAL else "known"
    forces = table.forces(margin.place, margin.period)
    parts = {force: Term(kind, Cell(margin.period, force)) for force in forces}
    known = {force: part for force, part in parts.items() if table.holds(part, published)}
    whole = Term("known", margin)
    together = frozenset({whole, *known.values()})
    if rest := forces - known.keys():
        cuts = tuple(Cut(together, parts[force]) for force in sorted(rest))
        pool = table.pool(rest, months_of(margin.period)) if len(rest) > 1 else None
        yield Exposure(pool, cuts, whole)
    elif table.reopened and _is_fresh(published, margin.period):
        yield Exposure(None, (Cut(together),), whole)


def _is_fresh(published: frozenset[Cell], period: str) -> bool:
    """A quarter's cell counts messages anew: beside its months' it would tell what changed."""
    return is_quarter(period) and any(
        cell.period == period
        and not all(Cell(month, cell.place) in published for month in months_of(period))
        for cell in published
    )


def _over_months(table: Table, published: frozenset[Cell], margin: Cell) -> Iterator[Exposure]:
    months = {month: Cell(month, margin.place) for month in months_of(margin.period)}
    known = {month: cell for month, cell in months.items() if cell in published}
    rest = tuple(m for m in months if m not in known and table.forces(margin.place, m))
    whole = Term("published", margin)
    together = frozenset({whole, *(Term("published", cell) for cell in known.values())})
    if len(rest) == 1:
        yield Exposure(None, (Cut(together, Term("published", months[rest[0]])),), whole)
    elif known and rest:
        pool = table.pool(table.places.members(margin.place), rest)
        yield Exposure(pool, (Cut(together),), whole)


def information(cell: Cell, messages: int, places: Places) -> float:
    """What publishing a cell of so many messages is worth."""
    level = "national" if cell.place == NATIONAL else "force"
    level = "region" if cell.place in places.regions else level
    share = INFORMATION["quarter"] if is_quarter(cell.period) else 1.0
    return messages * INFORMATION[level] * share
