"""Days, times of the day, and both together: protected as one table of a force and month.

The smallest week there can be: two kinds of day, two parts of a day, of two forces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipelines.release import cells
from pipelines.release.audit.attack import Attack
from pipelines.release.audit.constraints import Count
from pipelines.release.audit.insider import Insiders
from pipelines.release.audit.notes import NO_NOTES, AuditNotes
from pipelines.release.audit.world import ALL_MESSAGES, Key, read_worlds
from pipelines.release.build import make_draft
from pipelines.release.cells import DAY_OF_WEEK, MESSAGES, TIME_OF_DAY, TIME_OF_WEEK, Cell
from pipelines.release.disclosure import reason_to_withhold
from pipelines.release.draft import Frozen, notes_on
from pipelines.release.places import read_places
from pipelines.release.policy import Support
from pipelines.release.rounding import round_to_base
from pipelines.release.rows import HabitRow
from tests.marts import Person, make_marts, team
from tests.privacy.worlds import JANUARY, PLACES, world
from tests.releases import CUMBRIA, LANCASHIRE, MERSEYSIDE, MET

ONLY_JANUARY = {JANUARY: frozenset("AB"), "2026-02": frozenset[str](), "2026-03": frozenset[str]()}
DAYS, TIMES = ("weekday", "weekend"), ("day", "night")
WEEK = [f"{day} {time}" for day, time in product(DAYS, TIMES)]
WEEK_AND_MARGINS = ("day_of_week", "time_of_day", "time_of_week")
Bounds = tuple[float, float]


def of(place: str, value: str = ALL_MESSAGES) -> Key:
    """A place's messages of January: all, of a kind of day, of a part of the day, or of both."""
    split = {ALL_MESSAGES: MESSAGES} | dict.fromkeys(DAYS, DAY_OF_WEEK)
    split |= dict.fromkeys(TIMES, TIME_OF_DAY) | dict.fromkeys(WEEK, TIME_OF_WEEK)
    return Key(split[value], value, Cell(JANUARY, place))


def margins(place: str, **counts: float) -> dict[Key, Bounds]:
    """Exact counts of a place's days and times, and of all its messages."""
    whole = counts["weekday"] + counts["weekend"]
    exact = {of(place): whole} | {of(place, value): count for value, count in counts.items()}
    return {key: (float(count), float(count)) for key, count in exact.items()}


def week(place: str, *counts: float) -> dict[Key, Bounds]:
    """Exact counts of a place's four times of the week, in the order of ``WEEK``."""
    return {of(place, time): (float(n), float(n)) for time, n in zip(WEEK, counts, strict=True)}


def told(
    published: Mapping[Key, Bounds],
    place: str,
    values: list[str],
    insiders: Insiders | None = None,
) -> dict[str, Bounds]:
    """What the audit finds exposed of these withheld values of a place, and how closely.

    Other times of its week are withheld as well, and enough people's to be told.
    """
    withheld = [of(place, value) for value in dict.fromkeys([*values, *WEEK])]
    harmless = {(time, Cell(JANUARY, place)) for time in WEEK if time not in values}
    notes = AuditNotes(ONLY_JANUARY, frozenset(harmless))
    exposed = Attack(world(published, withheld), PLACES, notes).run(insiders).exposed
    return {one.key.value: (one.low, one.high) for one in exposed}


def test_a_withheld_time_of_the_week_is_as_wide_as_its_margins_leave_it() -> None:
    """Of 100 messages 30 were at weekends and 20 at night: 0 to 20 were at weekend nights."""
    published = margins("A", weekday=70, weekend=30, day=80, night=20)
    notes = AuditNotes(ONLY_JANUARY, frozenset())
    attack = Attack(world(published, [of("A", time) for time in WEEK]), PLACES, notes)
    found = {target.value: attack.bounds(n)[:2] for n, target in enumerate(attack.targets)}
    assert found == {
        "weekday day": (50.0, 70.0),
        "weekday night": (0.0, 20.0),
        "weekend day": (10.0, 30.0),
        "weekend night": (0.0, 20.0),
    }


def test_margins_that_tell_a_withheld_time_of_the_week_are_refused() -> None:
    """50 to 70 is too close, unless 50 weekday messages by day are enough people's."""
    published = margins("A", weekday=70, weekend=30, day=80, night=20)
    assert told(published, "A", WEEK) == {"weekday day": (50.0, 70.0)}
    assert told(published, "A", WEEK[1:]) == {}


def test_a_nations_times_of_the_week_less_a_forces_are_the_other_forces() -> None:
    published = margins("A", weekday=70, weekend=30, day=60, night=40)
    published |= margins("B", weekday=60, weekend=40, day=50, night=50)
    assert told(published, "B", ["weekend night"]) == {}
    published |= week("EW", 80, 50, 30, 40) | week("A", 45, 25, 15, 15)
    assert told(published, "B", ["weekend night"]) == {"weekend night": (25.0, 25.0)}


def test_times_of_the_week_tell_a_withheld_margin_by_subtraction() -> None:
    """The nation's and A's are published, B's days and times are not. So times of the week are out
    only where their margins are.
    """
    published = {of(place): (n, n) for place, n in (("EW", 200.0), ("A", 100.0), ("B", 100.0))}
    assert told(published, "B", [*DAYS, *TIMES]) == {}
    published |= week("EW", 80, 50, 30, 40) | week("A", 45, 25, 15, 15)
    exposed = told(published, "B", [*DAYS, *TIMES])
    assert exposed == {
        "weekday": (60.0, 60.0),
        "weekend": (40.0, 40.0),
        "day": (50.0, 50.0),
        "night": (50.0, 50.0),
    }


def test_another_forces_margins_narrow_what_two_have_together() -> None:
    """40 weekend nights are A's and B's, and A wrote at most 12 at weekends: 28 or more are B's."""
    published = margins("A", weekday=188, weekend=12, day=100, night=100)
    published |= margins("B", weekday=160, weekend=40, day=160, night=40)
    published |= {of("EW", "weekend night"): (40.0, 40.0)}
    assert told(published, "B", ["weekend night"]) == {"weekend night": (28.0, 40.0)}


@pytest.mark.parametrize(
    ("wrote", "exposed"),
    [
        ("weekday day", {"weekend night": (30.0, 40.0)}),  # 10 at most of 20 by day at weekends
        ("weekend day", {"weekend night": (20.0, 30.0)}),  # 30 at most of 40 weekend ones by night
        ("weekday night", {}),
        ("weekend night", {}),  # 10 of them are theirs: 10 to 30 are others'
    ],
)
def test_a_contributor_takes_away_their_own_of_any_time_of_the_week(
    wrote: str, exposed: dict[str, Bounds]
) -> None:
    """20 to 40 messages were of weekend nights: as wide as asked. Somebody else wrote more then."""
    published = margins("A", weekday=160, weekend=40, day=20, night=180)
    insiders = Insiders({b"loud": at(wrote, 10.0), b"other": at("weekend night", 12.0)})
    assert told(published, "A", ["weekend night"]) == {}
    assert told(published, "A", ["weekend night"], insiders) == exposed


def at(time: str, messages: float) -> dict[Count, float]:
    """A contributor's counts, all of whose messages were of one time of A's week."""
    keys = [of("A", value) for value in (ALL_MESSAGES, *time.split(), time)]
    return {Count(key.split, key.value, JANUARY, "A"): messages for key in keys}


def small_weekends() -> list[Person]:
    """Of Merseyside's 14 people eight wrote at weekends; all wrote at all times of the day."""
    return [
        *team(MET, JANUARY, 30, 20),
        *team(CUMBRIA, JANUARY, 24, 20),
        *team(LANCASHIRE, JANUARY, 20, 20),
        *team(MERSEYSIDE, JANUARY, 8, 20),
        *(replace(p, name=f"few-{p.name}") for p in team(MERSEYSIDE, JANUARY, 6, 5)),
    ]


def test_a_week_is_not_out_where_it_would_tell_another_forces_withheld_days() -> None:
    """Lancashire's days are withheld to hide Merseyside's, and its week with them, though enough
    people's: were it out, the nation's and the other forces' days less its own would be left.
    """
    con, places = make_marts(small_weekends()), read_places()
    cells.prepare(con)
    nothing = Frozen([], [], NO_NOTES, None)
    draft = make_draft(con, JANUARY, nothing, places, cells.splits(con))
    shown = {(r.force_code, r.habit) for r in draft.rows.habits if r.part is not None}
    times, all_three = frozenset({"time_of_day"}), frozenset(WEEK_AND_MARGINS)
    published = {
        force: {h for f, h in shown if f == force} & all_three
        for force in ("EW", MET, CUMBRIA, LANCASHIRE, MERSEYSIDE)
    }
    assert published == {
        **dict.fromkeys(("EW", MET, CUMBRIA), all_three),
        **dict.fromkeys((LANCASHIRE, MERSEYSIDE), times),
    }
    notes = notes_on(draft.outcome, draft.scope)
    (safe,) = read_worlds(draft.rows.trends, draft.rows.habits, draft.rows.challenge)
    assert Attack(safe, places, notes).run().exposed == ()
    week = draft.outcome.groups[TIME_OF_WEEK, Cell(JANUARY, LANCASHIRE)]
    assert reason_to_withhold(TIME_OF_WEEK, week) is None
    out = [with_figures(row, week.split) for row in draft.rows.habits]
    (unsafe,) = read_worlds(draft.rows.trends, out, draft.rows.challenge)
    exposed = {one.key for one in Attack(unsafe, places, notes).run().exposed}
    assert Key(DAY_OF_WEEK, "weekday", Cell(JANUARY, MERSEYSIDE)) in exposed


def with_figures(row: HabitRow, week: Mapping[str, Support]) -> HabitRow:
    """Lancashire's rows of its week as they would be published; other rows as they are."""
    if (row.force_code, row.habit) != (LANCASHIRE, "time_of_week") or row.messages is None:
        return row
    share = 1000 * round_to_base(week[row.value].messages) / row.messages
    return replace(row, estimate_per_1000=share)


EVERY_VALUE = [ALL_MESSAGES, *DAYS, *TIMES, *WEEK]


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[Key, Bounds], list[Key]]:
    """True times of the week of two forces; some sums of them published to within one or two."""
    truth = {cell: draw(st.integers(0, 60)) for cell in product("AB", WEEK)}
    keys = [of(place, value) for place in ("A", "B", "EW") for value in EVERY_VALUE]
    shown = {of("EW"), *draw(st.sets(st.sampled_from(keys), max_size=16))}  # bounds all
    slack = draw(st.integers(0, 2))
    exact = {key: weights(key) @ np.array(list(truth.values())) for key in shown}
    published = {key: (max(n - slack, 0.0), n + slack) for key, n in exact.items()}
    return published, [key for key in keys if key not in shown]


@settings(max_examples=40, deadline=None)
@given(tables())
def test_bounds_are_those_of_another_programme(table: tuple[dict[Key, Bounds], list[Key]]) -> None:
    """Here only times of the week are unknown, and everything else is a sum of them."""
    published, withheld = table
    notes = AuditNotes(ONLY_JANUARY, frozenset())
    attack = Attack(world(published, withheld), PLACES, notes)
    rows = np.array([weights(key) for key in published]).reshape(-1, len(WEEK) * 2)
    upper = np.concatenate([rows, -rows])
    limits = [high for _, high in published.values()] + [-low for low, _ in published.values()]
    for number, target in enumerate(attack.targets):
        low, high, _ = attack.bounds(number)
        ends = [
            sign * linprog(sign * weights(target), A_ub=upper, b_ub=limits, bounds=(0, 1e6)).fun
            for sign in (1, -1)
        ]
        assert (low, high) == pytest.approx(ends, abs=1e-4), str(target)


def weights(key: Key) -> np.ndarray:
    """Which of the times of the week of A and of B a count is the sum of."""
    inside = PLACES.members(key.cell.place)
    said = set() if key.value == ALL_MESSAGES else set(key.value.split())
    return np.array([float(f in inside and said <= set(t.split())) for f, t in product("AB", WEEK)])
