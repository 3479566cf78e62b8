"""Random collections, released for real, attacked with nothing but the files and arithmetic.

The attacker's and the policy's numbers are worked out here from the people and the rows
themselves, with another formulation and another solver's interface than the code that decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product

import duckdb
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipelines.release import cells
from pipelines.release.audit.notes import NO_NOTES
from pipelines.release.build import Draft, make_draft
from pipelines.release.draft import Frozen, notes_on
from pipelines.release.ledger import make_ledger
from pipelines.release.periods import months_of
from pipelines.release.places import read_places
from pipelines.release.rows import TrendRow
from tests.marts import CATEGORIES, Person, add_people, make_marts, team

PLACES = read_places()
FORCES = ["E23000001", "E23000002", "E23000003", "E23000004", "E23000005"]
MONTHS = ["2026-01", "2026-02", "2026-03"]
NOWHERE = Person(FORCES[1], MONTHS[0], "alone", 1)
NOBODY = Frozen([], [], NO_NOTES, None)


@st.composite
def collections(draw: st.DrawFn) -> list[Person]:
    """Five forces of 0 to 40 people in two regions, some with one dominant person."""
    people: list[Person] = []
    for force, month in product(FORCES, MONTHS):
        size = draw(st.integers(0, 40))
        flagged = {c: draw(st.integers(0, size)) for c in CATEGORIES}
        people += team(force, month, size, draw(st.integers(1, 20)), flagged)
        if draw(st.booleans()):
            messages = draw(st.integers(1, 900))
            flags = {c: draw(st.integers(0, messages)) for c in CATEGORIES}
            people.append(Person(force, month, f"{force}-loud", messages, flags))
    return people


@st.composite
def movers(draw: st.DrawFn) -> list[Person]:
    """A collection some of whose people are in several months, and some in two forces of one."""
    people = draw(collections())
    again = draw(st.lists(st.sampled_from(people or [NOWHERE]), max_size=20))
    elsewhere = [
        replace(person, force=draw(st.sampled_from(FORCES)), messages=messages, flagged={})
        for person in again
        for messages in (draw(st.integers(1, 60)),)
    ]
    return [*people, *elsewhere]


def draft_of(people: list[Person]) -> Draft:
    """The release of a quarter, from people of whom there is at least one."""
    con = make_marts([*people, *team(FORCES[0], MONTHS[0], 1, 1)])
    cells.prepare(con)
    draft = make_draft(con, MONTHS[-1], NOBODY, PLACES, cells.splits(con))
    ledger = make_ledger(
        cells.messages_by_month(con), draft.scope.months, draft.outcome, draft.scope
    )
    assert ledger.messages == sum(p.messages for p in people) + 1
    return draft


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(movers())
def test_nothing_below_the_thresholds_goes_out_or_can_be_subtracted(people: list[Person]) -> None:
    draft = draft_of(people)
    everyone = [*people, *team(FORCES[0], MONTHS[0], 1, 1)]
    months = draft.scope.months
    for category in (None, *CATEGORIES):
        shown = {
            (row.period, row.force_code): of(everyone, row)
            for row in draft.rows.trends
            if row.category == (category or "ANY")
            and (row.messages if category is None else row.estimate_per_1000) is not None
        }
        for (period, place), here in shown.items():
            assert is_safe(here, category), (period, place, category)
            for parts in families(period, place, months):
                known = [part for part in parts if part in shown]
                rest = [p for p in here if not any(p in shown[part] for part in known)]
                if known and rest:
                    assert is_safe(rest, category), ("left of", period, place, category)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(movers())
def test_no_withheld_force_can_be_reconstructed(people: list[Person]) -> None:
    """Two programmes a withheld force and month, over the rounded sums of the rows alone."""
    draft = draft_of(people)
    harmless = notes_on(draft.outcome, draft.scope).harmless
    present = sorted({(p.force, p.month) for p in people} | {(FORCES[0], MONTHS[0])})
    split_of = {None: "messages"} | {c: c for c in CATEGORIES}
    for category, split in split_of.items():
        rows = [r for r in draft.rows.trends if r.category == (category or "ANY")]
        counts = {(r.period, r.force_code): r.flagged if category else r.messages for r in rows}
        upper, limits = sums(counts, present)
        for number, (force, month) in enumerate(present):
            cell = cells.Cell(month, force)
            if counts.get((month, force), 0) is None and (split, cell) not in harmless:
                low, high = bounds(number, upper, limits, len(present))
                assert high - low >= max(10, 0.5 * high) - 1e-6, (split, cell)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(movers())
def test_no_habit_of_a_withheld_force_can_be_reconstructed(people: list[Person]) -> None:
    """The same over ``habits.csv``: every published value is of nobody or of enough people, and
    what is published of the nation and of other forces does not tell a withheld one's.
    """
    con = make_marts([*people, *team(FORCES[0], MONTHS[0], 1, 1)])
    draft = draft_of(people)
    harmless = notes_on(draft.outcome, draft.scope).harmless
    written = habit_people(con)
    present = sorted({(p.force, p.month) for p in people} | {(FORCES[0], MONTHS[0])})
    messages = {
        (r.period, r.force_code): r.messages for r in draft.rows.trends if r.category == "ANY"
    }
    for habit, value in {(row.habit, row.value) for row in draft.rows.habits}:
        rows = [row for row in draft.rows.habits if (row.habit, row.value) == (habit, value)]
        counts = {(row.period, row.force_code): row.part for row in rows}
        for (month, place), part in counts.items():
            if part is not None:
                by_force = written.get((habit, value, month), {})
                found = [one for f in PLACES.members(place) for one in by_force.get(f, ())]
                assert not found or enough(found), (month, place, habit, value)
        upper, limits = sums(counts, present)
        for number, (force, month) in enumerate(present):
            told_as = value if habit == "time_of_week" else f"habit:{habit}"
            may_be_told = (told_as, cells.Cell(month, force)) in harmless
            if counts.get((month, force), 0) is None and not may_be_told:
                low, high = bounds(number, upper, limits, len(present))
                whole = messages[month, force]  # published or not, as its habit may be withheld
                high = high if whole is None else min(high, whole + 2)
                assert high - low >= max(10, 0.5 * high) - 1e-6, (habit, value, month, force)


DAYS = ("weekday", "weekend")
TIMES = ("00:00 to 05:59", "06:00 to 11:59", "12:00 to 17:59", "18:00 to 23:59")
TIMES_OF_WEEK = list(product(DAYS, TIMES))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(movers())
def test_days_times_and_both_together_tell_nothing_withheld_of_each_other(
    people: list[Person],
) -> None:
    """One month's unknowns are forces' times of the week: days, times and all messages are sums of
    them. Two programmes a withheld force and value, over all that is published of the four.
    """
    draft = draft_of(people)
    harmless = notes_on(draft.outcome, draft.scope).harmless
    for month in draft.scope.months:
        present = sorted({p.force for p in people if p.month == month} | {FORCES[0]})
        unknown = list(product(present, TIMES_OF_WEEK))
        counts = times_of_month(draft, month)
        shown = {key: count for key, count in counts.items() if count is not None}
        assert all((place, (part,)) in shown for place, value in shown for part in value)
        published = [summed(place, value, unknown) for place, value in shown]
        upper = np.array([*published, *(-row for row in published)]).reshape(-1, len(unknown))
        limits = [n + HALF if n else 0 for n in shown.values()]
        limits += [-max(n - HALF, 10) if n else 0 for n in shown.values()]
        for (place, value), count in counts.items():
            may_be_told = (told_as(value), cells.Cell(month, place)) in harmless
            if count is None and place in present and not may_be_told:
                low, high = extremes(summed(place, value, unknown), upper, np.array(limits))
                assert high - low >= max(10, 0.5 * high) - 1e-6, (month, place, value)


HALF = 2  # a count of 8 to 12 is published as 10
Times = tuple[str, ...]
"""A kind of day, a part of the day, both or neither."""


def told_as(value: Times) -> str:
    """What a withheld count passes the policy as."""
    if len(value) == 1:
        return "habit:day_of_week" if value[0] in DAYS else "habit:time_of_day"
    return " ".join(value) or "messages"


def times_of_month(draft: Draft, month: str) -> dict[tuple[str, Times], int | None]:
    """What is published, or withheld, of each place's days and times and of all its messages."""
    found: dict[tuple[str, Times], int | None] = {
        (row.force_code, ()): row.messages
        for row in draft.rows.trends
        if (row.period, row.category) == (month, "ANY") and row.force_code not in PLACES.regions
    }
    for row in draft.rows.habits:
        if row.period == month and row.habit in ("day_of_week", "time_of_day"):
            found[row.force_code, (row.value,)] = row.part
        if row.period == month and row.habit == "time_of_week":
            day, _, time = row.value.partition(" ")
            found[row.force_code, (day, time)] = row.part
    return found


def summed(place: str, value: Times, unknown: list[tuple[str, tuple[str, str]]]) -> np.ndarray:
    """Which unknowns a count is the sum of."""
    forces = PLACES.members(place)
    return np.array([float(f in forces and set(value) <= set(time)) for f, time in unknown])


def extremes(weights: np.ndarray, upper: np.ndarray, limits: np.ndarray) -> tuple[float, float]:
    """Least and most of a sum of unknowns."""
    ends = []
    for sign in (1, -1):
        found = linprog(sign * weights, A_ub=upper, b_ub=limits, bounds=(0, 1e6))
        assert found.status == 0
        ends.append(sign * found.fun)
    return ends[0], ends[1]


HabitPeople = Mapping[tuple[str, str, str], Mapping[str, list[tuple[str, int]]]]
"""By habit, value and month, then force: who wrote how many messages."""


def habit_people(con: duckdb.DuckDBPyConnection) -> HabitPeople:
    """Everybody's messages by habit and value, as ``habits.csv`` names them."""
    cells.prepare(con)
    found: dict[tuple[str, str, str], dict[str, list[tuple[str, int]]]] = {}
    for split, value, month, force, who, messages in con.execute(
        "SELECT split, value, month, force_code, contributor_key::VARCHAR, messages "
        "FROM release_part WHERE split LIKE 'habit:%'"
    ).fetchall():
        key = (split.removeprefix("habit:"), value, month)
        found.setdefault(key, {}).setdefault(force, []).append((who, messages))
    return found


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(movers(), st.data())
def test_releases_over_months_that_change_are_drafted_or_refused_never_unsafe(
    people: list[Person], data: st.DataObject
) -> None:
    """January is frozen; then people withdraw and others turn up late. The draft attacks itself."""
    con = make_marts([*people, *month_of_many()])
    cells.prepare(con)
    first = make_draft(con, MONTHS[0], NOBODY, PLACES, cells.splits(con))
    notes = notes_on(first.outcome, first.scope)
    frozen = Frozen(
        first.rows.trends,
        first.rows.habits,
        notes,
        MONTHS[0],
        first.estimated,
        first.rows.challenge,
    )
    con.execute("DELETE FROM mart.contribution WHERE hash(contributor_key, 7) % 4 = 0")
    late = data.draw(st.integers(0, 30))
    add_people(con, team(data.draw(st.sampled_from(FORCES)), MONTHS[0], late, 9, {"DISC": late}))
    cells.prepare(con)
    second = make_draft(con, MONTHS[-1], frozen, PLACES, cells.splits(con))
    assert second.rows.trends[: len(first.rows.trends)] == first.rows.trends
    sums_of_months_only(second.rows.trends)


def month_of_many() -> list[Person]:
    """One force that publishes whatever the others do."""
    return [p for m in MONTHS for p in team("E23000040", m, 40, 20, {"DISC": 30})]


def sums_of_months_only(rows: list[TrendRow]) -> None:
    """A quarter beside three published months is their sum, whatever happened meanwhile."""
    messages = {(r.period, r.force_code): r.messages for r in rows if r.category == "ANY"}
    for place in PLACES.all:
        months = [messages.get((m, place)) for m in MONTHS]
        if all(m is not None for m in months):
            assert messages["2026-Q1", place] == sum(m or 0 for m in months)


def families(period: str, place: str, months: Iterable[str]) -> list[list[tuple[str, str]]]:
    """Ways in which a cell is a sum of others."""
    within = PLACES.members(place)
    found = []
    if len(within) > 1:
        found.append([(period, force) for force in sorted(within)])
    if "Q" in period:
        found.append([(month, place) for month in months])
    return found


def of(people: Iterable[Person], row: TrendRow) -> list[Person]:
    """Whoever a row counts."""
    return [
        p
        for p in people
        if p.force in PLACES.members(row.force_code) and p.month in months_of(row.period)
    ]


def is_safe(people: list[Person], category: str | None) -> bool:
    """The policy, written again from issue to arithmetic."""
    if len({(p.force, p.chat) for p in people}) < 3 or sum(p.messages for p in people) < 100:
        return False
    splits = [[(p.name, p.messages) for p in people]]
    if category:
        splits.append([(p.name, p.flagged.get(category, 0)) for p in people])
        splits.append([(p.name, p.messages - p.flagged.get(category, 0)) for p in people])
    return all(enough(split) for split in splits)


def enough(counts: Iterable[tuple[str, int]]) -> bool:
    by_person: dict[str, int] = {}
    for name, n in counts:
        by_person[name] = by_person.get(name, 0) + n
    held = sorted((n for n in by_person.values() if n), reverse=True)
    total, two = sum(held), sum(held[:2])
    return (
        len(held) >= 10
        and held[0] <= 0.5 * total
        and two <= 0.9 * total
        and total - two >= 0.1 * held[0]
        and total - held[0] >= 10
    )


def sums(
    counts: dict[tuple[str, str], int | None], present: list[tuple[str, str]]
) -> tuple[np.ndarray, np.ndarray]:
    """``A x <= b`` for every published count, rounded to 5; quarters of published months apart."""
    upper, limits = [], []
    for (period, place), count in counts.items():
        months = [counts.get((month, place)) for month in months_of(period)]
        if count is None or ("Q" in period and None not in months):
            continue
        row = [float(f in PLACES.members(place) and m in months_of(period)) for f, m in present]
        upper += [row, [-x for x in row]]
        limits += [count + 2, -(count - 2)]
    return np.array(upper).reshape(-1, len(present)), np.array(limits, float)


def bounds(number: int, upper: np.ndarray, limits: np.ndarray, columns: int) -> tuple[float, float]:
    """Least and most of one column."""
    return extremes(np.eye(columns)[number], upper, limits)
