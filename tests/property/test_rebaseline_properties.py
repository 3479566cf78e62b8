"""Random collections counted anew after random arrivals and withdrawals: no change of few shows.

Who changed is worked out here from the people themselves, whom the policy never sees: it knows
counts of before and after alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from pipelines.release import cells
from pipelines.release.audit.notes import NO_NOTES
from pipelines.release.baseline import History, count_units, make_baseline
from pipelines.release.block import Block
from pipelines.release.build import make_draft
from pipelines.release.draft import Frozen
from pipelines.release.moves import settle
from pipelines.release.periods import is_quarter, months_of
from pipelines.release.places import read_places
from pipelines.release.rounding import round_to_base
from pipelines.release.rows import TrendRow
from tests.marts import CATEGORIES, Person, make_marts, team

PLACES = read_places()
STEADY = "E23000040"  # publishes whatever the others do, and does not change
FORCES = ["E23000001", "E23000002", "E23000003", "E23000004", STEADY]
MONTHS = ["2025-10", "2025-11", "2025-12"]
UNITS = list(product(MONTHS, FORCES))
MIN_CHANGED = 10

Truth = Mapping[cells.Unit, Sequence[Person]]


@dataclass(frozen=True)
class Change:
    """Who was counted at publication, and who is there now."""

    before: Truth
    after: Truth


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Forces of 0 to 30 people; in some months people leave, come, or write more."""
    before: dict[cells.Unit, list[Person]] = {}
    after: dict[cells.Unit, list[Person]] = {}
    for unit in UNITS:
        month, force = unit
        if force == STEADY:
            before[unit] = after[unit] = team(force, month, 40, 20, {"DISC": 30})
            continue
        size = draw(st.sampled_from([0, 6, 14, 30]))
        people = team(force, month, size, 20, _flags(draw, size))
        leavers = draw(st.sampled_from([0, 0, 1, 3, 12]))
        come = draw(st.sampled_from([0, 0, 2, 9, 10, 14, 25]))
        new = [_late(p) for p in team(force, month, come, 20, _flags(draw, come))]
        loud = [Person(force, month, "loud", draw(st.sampled_from([5, 400])), {"DISC": 4})]
        before[unit] = people
        after[unit] = [*people[leavers:], *new, *(loud if draw(st.integers(0, 5)) == 0 else [])]
    return Change(before, after)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes())
def test_no_arithmetic_over_both_tables_tells_of_fewer_than_ten(change: Change) -> None:
    block = with_counts(published(change.before), change.after)
    moved = settle(block)
    event(f"{min(len(moved), 3)} or more force-months counted anew")
    now = {unit: (change.after if unit in moved else change.before)[unit] for unit in UNITS}
    rows, *_ = block.rows(moved)
    shows_what_was_counted(rows, now)
    changes_by_ten_or_nothing(block, change.before, now)
    publishes_the_same_cells(block.trends, rows)
    counts_enough_people(rows, now)


def shows_what_was_counted(rows: Sequence[TrendRow], now: Truth) -> None:
    """All that is shown of a month are sums over force-months, as they were or anew."""
    for row in rows:
        if not is_quarter(row.period) and row.messages is not None:
            people = counted_in(row, now)
            assert row.messages == round_to_base(sum(p.messages for p in people))
            if row.flagged is not None and row.category in CATEGORIES:
                flagged = sum(p.flagged.get(row.category, 0) for p in people)
                assert row.flagged == round_to_base(flagged)


def changes_by_ten_or_nothing(block: Block, before: Truth, now: Truth) -> None:
    """So every sum of force-months, and every difference of such sums, changes by ten at least."""
    for unit, part in product(UNITS, shown_parts(block)):
        then, later = count(before[unit], part), count(now[unit], part)
        if sum(then.values()) != sum(later.values()):
            changed = {n for n in then.keys() | later.keys() if then.get(n, 0) != later.get(n, 0)}
            assert len(changed) >= MIN_CHANGED, (unit, part)


def publishes_the_same_cells(before: Sequence[TrendRow], after: Sequence[TrendRow]) -> None:
    for old, new in zip(before, after, strict=True):
        assert (old.messages is None) == (new.messages is None)
        assert (old.estimate_per_1000 is None) == (new.estimate_per_1000 is None)


def counts_enough_people(rows: Sequence[TrendRow], now: Truth) -> None:
    for row in rows:
        if row.estimate_per_1000 is not None and row.category in CATEGORIES:
            people = {p.name for p in counted_in(row, now) if p.flagged.get(row.category, 0)}
            assert len(people) >= MIN_CHANGED, (row.period, row.force_code, row.category)
        if row.messages is not None:
            assert len({p.name for p in counted_in(row, now)}) >= MIN_CHANGED


def published(truth: Truth) -> Block:
    """The quarter as first released, with what it was counted from."""
    con = make_marts(p for unit in UNITS for p in truth[unit])
    cells.prepare(con)
    values = cells.splits(con)
    draft = make_draft(con, MONTHS[-1], Frozen([], [], NO_NOTES, None), PLACES, values)
    assume(draft.scope.months == MONTHS)
    history = History([make_baseline(con, draft.scope, draft.outcome, values)])
    rows = draft.rows
    known = (history, PLACES, draft.estimated)
    block = Block(rows.trends, rows.habits, rows.challenge, *known)
    assert block.is_reproduced()
    return block


def with_counts(block: Block, truth: Truth) -> Block:
    """The same, with what the warehouse holds once people have come and gone."""
    con = make_marts(p for unit in UNITS for p in truth[unit])
    cells.prepare(con)
    units = product(MONTHS, PLACES.forces)
    return block.with_counts(count_units(con, units, cells.splits(con)))


def shown_parts(block: Block) -> list[str]:
    """All messages, and each category of which anything is published, flagged and not."""
    shown = [c for c in CATEGORIES if block.published[c]]
    return ["messages", *shown, *(f"not {c}" for c in shown)]


def count(people: Sequence[Person], part: str) -> dict[str, int]:
    """What each of some people counts in a part."""
    category = part.removeprefix("not ")
    found = {}
    for p in people:
        flagged = p.flagged.get(category, 0)
        found[p.name] = flagged if part == category != "messages" else p.messages - flagged
    return {name: n for name, n in found.items() if n}


def counted_in(row: TrendRow, truth: Truth) -> list[Person]:
    """Whoever a row counts."""
    months, forces = months_of(row.period), PLACES.members(row.force_code)
    return [p for (month, f) in UNITS if month in months and f in forces for p in truth[month, f]]


def _flags(draw: st.DrawFn, size: int) -> dict[str, int]:
    return {c: draw(st.sampled_from([0, size])) for c in CATEGORIES[:2]}


def _late(person: Person) -> Person:
    return Person(
        person.force,
        person.month,
        f"late-{person.name}",
        person.messages,
        person.flagged,
        person.chat,
    )
