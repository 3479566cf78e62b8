"""Decide, count, attack, and decide again until no withheld value can be told.

Nothing published spans two quarters, so each is decided alone. Suppression looks at the pools
that single subtractions leave; the audit's programmes look at everything together, roundings and
thresholds included, and as an insider too. What they find goes back as a further constraint: the
published figures that tell a withheld one may not all be published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from pipelines.errors import GateError
from pipelines.prevalence.design import Design
from pipelines.release.audit.attack import Attack
from pipelines.release.audit.insider import read_insiders
from pipelines.release.audit.notes import AuditNotes
from pipelines.release.audit.programmes import Exposed
from pipelines.release.audit.solver import ContradictionError
from pipelines.release.audit.world import decided_with, read_worlds
from pipelines.release.cells import MESSAGES, Cell, Counted, Values
from pipelines.release.challenge import challenge_rows
from pipelines.release.disclosure import Outcome, Scope, decide
from pipelines.release.estimation import Estimated, Methods
from pipelines.release.figures import habit_rows, trend_rows
from pipelines.release.periods import block_of, is_quarter, months_of
from pipelines.release.places import Places
from pipelines.release.rows import ChallengeRow, HabitRow, TrendRow
from pipelines.release.told import may_be_told

GENTLE_ROUNDS = 12  # after these, whatever tells a value is withheld altogether
ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Figures:
    """What one quarter adds to a release, and the decisions behind it."""

    outcome: Outcome
    trends: list[TrendRow]
    habits: list[HabitRow]
    challenge: list[ChallengeRow]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What earlier releases published: copied, never computed again."""

    trends: Sequence[TrendRow]
    habits: Sequence[HabitRow]
    notes: AuditNotes
    last: str | None
    estimated: Sequence[Estimated] = ()
    challenge: Sequence[ChallengeRow] = ()

    @property
    def months(self) -> list[str]:
        return sorted({row.period for row in self.trends if not is_quarter(row.period)})


def draft_figures(
    con: duckdb.DuckDBPyConnection,
    scope: Scope,
    values: Values,
    frozen: Frozen,
    methods: Methods,
    design: Design,
) -> Iterator[Figures]:
    """Each quarter's figures, in order. Raises ``GateError`` where no safe choice was found."""
    periods = (*scope.months, *scope.quarters)
    for block in sorted({block_of(period) for period in periods}):
        part = replace(
            scope,
            months=[m for m in scope.months if block_of(m) == block],
            quarters=[q for q in scope.quarters if q == block],
        )
        earlier = Frozen(
            [row for row in frozen.trends if block_of(row.period) == block],
            [row for row in frozen.habits if block_of(row.period) == block],
            frozen.notes,
            frozen.last,
            challenge=[row for row in frozen.challenge if block_of(row.period) == block],
        )
        yield _safe_figures(con, part, values, earlier, methods, design)


def _safe_figures(
    con: duckdb.DuckDBPyConnection,
    scope: Scope,
    values: Values,
    frozen: Frozen,
    methods: Methods,
    design: Design,
) -> Figures:
    insiders = read_insiders(con, scope.months, {row.period for row in frozen.trends})
    by_period = dict.fromkeys((*scope.months, *scope.quarters), methods)
    designs = dict.fromkeys(by_period, design)
    forbidden: dict[str, set[frozenset[Cell]]] = {split: set() for split in values}
    counted = Counted(con, values)
    for number in range(ROUNDS):
        outcome = decide(counted, scope, forbidden)
        trends = list(trend_rows(outcome, scope, values, frozen.trends, by_period))
        habits = list(habit_rows(outcome, scope, values))
        challenge = list(challenge_rows(outcome, scope, trends, frozen.challenge, designs))
        (world,) = read_worlds(
            [*frozen.trends, *trends],
            [*frozen.habits, *habits],
            [*frozen.challenge, *challenge],
        )
        notes = notes_on(outcome, scope) + frozen.notes
        try:
            exposed = Attack(world, scope.places, notes).run(insiders).exposed
        except ContradictionError:
            exposed = ()
            _forbid_quarters(forbidden, outcome, scope)
        else:
            if not exposed:
                return Figures(outcome, trends, habits, challenge)
        for found in exposed:
            split, cells = _to_withhold(found, scope)
            forbidden[split] |= (
                {cells} if number < GENTLE_ROUNDS else {frozenset({c}) for c in cells}
            )
    raise GateError(
        f"Disclosure control found no safe choice for {scope.months[-1]} in {ROUNDS} rounds: "
        "publish it together with the next month."
    )


def notes_on(outcome: Outcome, scope: Scope) -> AuditNotes:
    """What the audit has to know of the months and quarters a release adds."""
    harmless = (
        (told_as, cell)
        for split, cell in outcome.groups
        if cell not in outcome.published[split]
        for told_as in may_be_told(split, cell, outcome)
    )
    present = {month: scope.present.get(month, frozenset()) for month in scope.months}
    return AuditNotes(present, frozenset(harmless), shared=_shared(outcome, scope.places))


def _shared(outcome: Outcome, places: Places) -> dict[Cell, int]:
    """How many more people a place's forces have one by one than together, where any."""
    people = {
        cell: group.denominator.contributors
        for (split, cell), group in outcome.groups.items()
        if split == MESSAGES
    }
    by_force = {
        cell: sum(people[cell._replace(place=force)] for force in places.members(cell.place))
        for cell in people
    }
    return {cell: by_force[cell] - people[cell] for cell in people if by_force[cell] > people[cell]}


def _to_withhold(exposed: Exposed, scope: Scope) -> tuple[str, frozenset[Cell]]:
    """The split to withhold more of, and the new cells of it that told the value."""
    new = {*scope.months, *scope.quarters}
    by_split: dict[str, set[Cell]] = {}
    for key in exposed.because:
        if key.cell.period in new:
            by_split.setdefault(decided_with(key.split), set()).add(key.cell)
    if not by_split:
        raise GateError(
            f"Disclosure control cannot hide {exposed.key}: frozen figures already tell it."
        )
    wanted = decided_with(exposed.key.split)
    split = min(by_split, key=lambda s: (s != wanted, s == MESSAGES, s))
    return split, frozenset(by_split[split])


def _forbid_quarters(
    forbidden: dict[str, set[frozenset[Cell]]], outcome: Outcome, scope: Scope
) -> None:
    """Frozen months count other messages than their quarter does: leave the quarter out.

    A quarter that is the sum of its months may stay.
    """
    fresh = {
        split: {
            cell
            for cell in cells
            if cell.period in scope.quarters
            and not cells.issuperset(Cell(month, cell.place) for month in months_of(cell.period))
        }
        for split, cells in outcome.published.items()
    }
    if not any(fresh.values()):
        raise ContradictionError(
            f"Disclosure control refused {scope.months[-1]}: frozen figures contradict each other."
        )
    for split, cells in fresh.items():
        forbidden[split] |= {frozenset({cell}) for cell in cells}
