"""Which times of a withheld week may be told: each is judged by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipelines.release.cells import DAY_OF_WEEK, TIME_OF_DAY, TIME_OF_WEEK, Cell, Group
from pipelines.release.disclosure import Outcome
from pipelines.release.policy import NOTHING, Support
from pipelines.release.told import may_be_told

CELL = Cell("2026-01", "E23000001")


def people(number: int) -> Support:
    """So many people with ten messages each."""
    if not number:
        return NOTHING
    return Support(10 * number, number, number, 5, 10, 20)


def told(week: Mapping[str, int], days: Mapping[str, int], times: Mapping[str, int]) -> set[str]:
    """What may be told of a week, by how many people wrote in each part; 40 wrote in all."""
    groups = {
        (split, CELL): Group(people(40), {value: people(n) for value, n in parts.items()})
        for split, parts in ((TIME_OF_WEEK, week), (DAY_OF_WEEK, days), (TIME_OF_DAY, times))
    }
    return {*may_be_told(TIME_OF_WEEK, CELL, Outcome({}, groups))}


def test_times_of_enough_people_may_be_told_beside_one_of_few() -> None:
    week = {"weekday day": 30, "weekday night": 20, "weekend day": 12, "weekend night": 9}
    days, times = {"weekday": 35, "weekend": 15}, {"day": 38, "night": 25}
    assert told(week, days, times) == {"weekday day", "weekday night", "weekend day"}
    assert told(week | {"weekend night": 10}, days, times) == {*week}


def test_nobodys_messages_are_a_secret_unless_no_others_were_written_on_such_days() -> None:
    """That nobody wrote at weekends is published; that nobody wrote at weekend nights is not."""
    days, times = {"weekday": 40, "weekend": 12}, {"day": 38, "night": 9}
    few = {"weekday day": 38, "weekday night": 9, "weekend day": 12, "weekend night": 0}
    assert told(few, days, times) == {"weekday day", "weekend day"}
    none = few | {"weekend day": 0}
    expected = {"weekday day", "weekend day", "weekend night"}
    assert told(none, days | {"weekend": 0}, times) == expected


def test_where_all_messages_are_of_too_few_nothing_may_be_told() -> None:
    parts = {"weekday day": people(30), "weekend day": people(30)}
    group = Group(replace(people(40), contributors=9), parts)
    margins = {
        (DAY_OF_WEEK, CELL): replace(group, split={"weekday": people(30), "weekend": people(30)}),
        (TIME_OF_DAY, CELL): replace(group, split={"day": people(40)}),
    }
    outcome = Outcome({}, {(TIME_OF_WEEK, CELL): group, **margins})
    assert [*may_be_told(TIME_OF_WEEK, CELL, outcome)] == []
