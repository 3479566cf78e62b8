"""Decide every cell of some months: policy and suppression applied to the warehouse's supports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipelines.errors import GateError
from pipelines.release.cells import (
    ANY_RISK,
    CHALLENGE,
    CHALLENGED,
    FLAGGED,
    HABIT_PREFIX,
    MARGINS,
    MESSAGES,
    NOT_FLAGGED,
    TIME_OF_WEEK,
    UNCHALLENGED,
    Asked,
    Cell,
    Counted,
    Group,
    Pool,
)
from pipelines.release.optimise import choose
from pipelines.release.periods import block_of, months_of
from pipelines.release.places import NATIONAL, Places
from pipelines.release.policy import (
    Reason,
    WithheldError,
    check_can_leave_shares,
    check_can_publish_challenge,
    check_can_publish_denominator,
    check_can_publish_rate,
    check_can_publish_shares,
)
from pipelines.release.suppression import Cut, Exposure, Table, Term, exposures, information

GENTLE_ROUNDS = 20  # in which the best choice is looked for; most tables settle within 10
SETTLE_ROUNDS = 100  # by then every sum of a table that does not settle has long been withheld

Published = Mapping[str, frozenset[Cell]]
"""The published cells of every split."""

Forbidden = Mapping[str, Collection[frozenset[Cell]]]
"""By split, cells that together give a withheld one away, as the audit found."""


@dataclass(frozen=True)
class Scope:
    """What a release decides: the periods it adds, and what earlier ones published.

    ``months`` are the new ones, ``frozen_months`` the others; ``present`` are the forces with a
    message in each.
    """

    months: Sequence[str]
    quarters: Sequence[str]
    frozen_months: Sequence[str]
    frozen: Published
    places: Places
    present: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Outcome:
    """What is published, and the exact groups of every cell that could be."""

    published: Published
    groups: Mapping[tuple[str, Cell], Group]

    def group(self, split: str, cell: Cell) -> Group | None:
        """The cell's exact group if it is published, else ``None``."""
        return self.groups[split, cell] if cell in self.published[split] else None


def decide(counted: Counted, scope: Scope, forbidden: Forbidden) -> Outcome:
    """Decide denominators first, then every split among the cells whose denominator is out.

    Those of the challenge rate are all risky content, so it comes after that. Times of the week
    come after both their margins, which they would tell: only where these are out may they be.

    Raises ``GateError`` where frozen cells leave no safe choice.
    """
    groups = _candidates(counted, scope)
    published: dict[str, frozenset[Cell]] = {}
    for needed in (), (MESSAGES,), (ANY_RISK,), MARGINS:
        splits = [split for split in counted.values if _needed_by(split) == needed]
        out = [published[split] for split in needed]
        denominators = frozenset.intersection(*out) if out else None
        tables = [
            table for split in splits for table in _tables(split, scope, groups, denominators)
        ]
        published |= _merge(splits, scope, tables, _settle(counted, tables, forbidden))
    return Outcome(published, groups)


def _needed_by(split: str) -> tuple[str, ...]:
    """The splits that must be published of a cell where this one is."""
    return {MESSAGES: (), CHALLENGE: (ANY_RISK,), TIME_OF_WEEK: MARGINS}.get(split, (MESSAGES,))


def merge(outcomes: Sequence[Outcome]) -> Outcome:
    """The outcomes of several quarters as one."""
    published: dict[str, frozenset[Cell]] = {}
    groups: dict[tuple[str, Cell], Group] = {}
    for outcome in outcomes:
        for split, cells in outcome.published.items():
            published[split] = published.get(split, frozenset()) | cells
        groups |= outcome.groups
    return Outcome(published, groups)


def reason_to_withhold(split: str, group: Group) -> Reason | None:
    """``None`` where a cell of the split may be published by itself."""
    try:
        if split == MESSAGES:
            check_can_publish_denominator(group.denominator)
        elif split.startswith(HABIT_PREFIX):
            check_can_publish_shares(group.split.values(), group.denominator)
        elif split == CHALLENGE:
            check_can_publish_challenge(
                group.split[CHALLENGED],
                group.split[UNCHALLENGED],
                group.split[NOT_FLAGGED],
                group.denominator,
            )
        else:
            check_can_publish_rate(
                group.split[FLAGGED], group.split[NOT_FLAGGED], group.denominator
            )
    except WithheldError as withheld:
        return withheld.reason
    return None


def can_be_left(split: str, pool: Group) -> bool:
    """Whether subtraction may leave this: a pool passes as a cell does, and is zero in nothing."""
    if split.startswith(HABIT_PREFIX):
        try:
            check_can_leave_shares(pool.split.values(), pool.denominator)
        except WithheldError:
            return False
        return True
    return reason_to_withhold(split, pool) is None


def candidate_cells(split: str, scope: Scope) -> Iterator[Cell]:
    """Every cell a release could add. Habits are of months, and of forces and the nation."""
    if split.startswith(HABIT_PREFIX):
        places: Sequence[str] = (NATIONAL, *scope.places.forces)
        periods: Sequence[str] = scope.months
    else:
        places, periods = scope.places.all, (*scope.months, *scope.quarters)
    return (Cell(period, place) for period in periods for place in places)


def _candidates(counted: Counted, scope: Scope) -> dict[tuple[str, Cell], Group]:
    pools = {
        (split, cell): _pool(scope, cell)
        for split in counted.values
        for cell in candidate_cells(split, scope)
    }
    found = counted.supports((split, pool) for (split, _), pool in pools.items())
    return {(split, cell): found[split, pool] for (split, cell), pool in pools.items()}


def _pool(scope: Scope, cell: Cell) -> Pool:
    forces = scope.places.members(cell.place)
    return frozenset(
        (month, force)
        for month in months_of(cell.period)
        for force in forces & scope.present.get(month, frozenset())
    )


def _tables(
    split: str,
    scope: Scope,
    groups: Mapping[tuple[str, Cell], Group],
    denominators: frozenset[Cell] | None,
) -> Iterator[Table]:
    cells = sorted(candidate_cells(split, scope), key=lambda cell: block_of(cell.period))
    for block, found in groupby(cells, key=lambda cell: block_of(cell.period)):
        candidates = list(found)
        worth = {
            cell: information(cell, groups[split, cell].denominator.messages, scope.places)
            for cell in candidates
            if (denominators is None or cell in denominators)
            and reason_to_withhold(split, groups[split, cell]) is None
        }
        frozen = frozenset(c for c in scope.frozen.get(split, ()) if block_of(c.period) == block)
        reopened = any(block_of(month) == block for month in scope.frozen_months)
        periods = tuple(sorted({cell.period for cell in candidates}))
        yield Table(split, periods, scope.places, scope.present, worth, frozen, reopened)


def _settle(
    counted: Counted, tables: Sequence[Table], forbidden: Forbidden
) -> dict[int, frozenset[Cell]]:
    """Choose, look at what subtraction leaves, forbid what may not be, and choose again.

    Every round forbids something new, so it would end, but where every pool fails there are as
    many to forbid as ways to choose withheld forces. From ``GENTLE_ROUNDS`` on the sums that such
    pools were subtracted from are withheld themselves. ``GateError`` where even so it takes too
    long.
    """
    cuts: dict[int, set[Cut]] = {
        number: {
            Cut(frozenset(Term("published", cell) for cell in cells))
            for cells in forbidden.get(table.split, ())
        }
        for number, table in enumerate(tables)
    }
    chosen: dict[int, frozenset[Cell]] = {}
    pending = set(cuts)
    for attempt in range(SETTLE_ROUNDS):
        chosen |= {number: choose(tables[number], cuts[number]) for number in sorted(pending)}
        left = {number: list(exposures(tables[number], chosen[number])) for number in pending}
        asked = {
            (tables[number].split, exposure.pool)
            for number, found in left.items()
            for exposure in found
            if exposure.pool is not None
        }
        known = counted.supports(asked)
        failing = {
            number: {
                cut
                for exposure in found
                if not _may_be_left(tables[number].split, exposure, known)
                for cut in _cuts(exposure, attempt)
            }
            for number, found in left.items()
        }
        pending = {number for number, found in failing.items() if found}
        if not pending:
            return chosen
        for number in pending:
            cuts[number] |= failing[number]
    raise GateError(_unsettled([tables[number] for number in pending]))


def _unsettled(tables: Sequence[Table]) -> str:
    splits = ", ".join(sorted({table.split for table in tables}))
    periods = sorted({period for table in tables for period in table.periods})
    return (
        f"Disclosure control found no safe choice of {splits} for {periods[0]} to {periods[-1]} in "
        f"{SETTLE_ROUNDS} rounds: report them together with the next month."
    )


def _cuts(exposure: Exposure, attempt: int) -> tuple[Cut, ...]:
    return exposure.cuts if attempt < GENTLE_ROUNDS else (Cut(frozenset({exposure.margin})),)


def _may_be_left(split: str, exposure: Exposure, known: Mapping[Asked, Group]) -> bool:
    return exposure.pool is not None and can_be_left(split, known[split, exposure.pool])


def _merge(
    splits: Sequence[str],
    scope: Scope,
    tables: Sequence[Table],
    chosen: Mapping[int, frozenset[Cell]],
) -> dict[str, frozenset[Cell]]:
    found = {split: scope.frozen.get(split, frozenset()) for split in splits}
    for number, table in enumerate(tables):
        found[table.split] |= chosen[number]
    return found
