"""Exact supports, read from the warehouse's marts. Nothing here leaves the enclave."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipelines.release.places import SEEDS
from pipelines.release.policy import NOTHING, Support
from pipelines.settings import REPOSITORY

SQL = REPOSITORY / "sql" / "release"
ALL_VALUES = "*"
MESSAGES = "messages"
"""The split whose one value is every message: its cells are the denominators."""
ANY_RISK = "ANY"
"""The merged category: messages flagged for any risky category."""
FLAGGED, NOT_FLAGGED = "flagged", "not_flagged"
CHALLENGE = "CHAL"
"""The split of all risky content by whether somebody challenged it; the rest is not flagged."""
CHALLENGED, UNCHALLENGED = "challenged", "unchallenged"
HABIT_PREFIX = "habit:"
DAY_OF_WEEK, TIME_OF_DAY = f"{HABIT_PREFIX}day_of_week", f"{HABIT_PREFIX}time_of_day"
TIME_OF_WEEK = f"{HABIT_PREFIX}time_of_week"
"""The split by day and time together: its values add up to those of its two margins."""
MARGINS = (DAY_OF_WEEK, TIME_OF_DAY)

Part = tuple[str, str]
"""A split and one of its values."""


class Cell(NamedTuple):
    """One place in one period, of whatever split."""

    period: str
    place: str


Unit = tuple[str, str]
"""One month of one force."""

Pool = frozenset[Unit]
"""Units whose messages are counted together."""

Values = Mapping[str, tuple[str, ...]]
"""Every split's values, in order."""


@dataclass(frozen=True, slots=True)
class Group:
    """The messages of a pool: all of them, and by each value of a split."""

    denominator: Support
    split: Mapping[str, Support]


Asked = tuple[str, Pool]
"""A split, and the pool it is asked of."""


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Copy the contributions of the marts to temporary tables, one row per split value."""
    con.execute(read_sql("parts"))


def splits(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Every split's values, in order. A habit's are those of the seeds, whether or not a message
    has one: which rows a release has would tell of the one person who uses an application.
    """
    found: dict[str, tuple[str, ...]] = {MESSAGES: ("all",)}
    of_habits = [(HABIT_PREFIX + habit, value) for habit, value in read_habits()]
    for split, value in [*con.execute(read_sql("splits")).fetchall(), *of_habits]:
        if value not in found.setdefault(split, ()):
            found[split] += (value,)
    return found


def read_habits(seeds: Path = SEEDS) -> list[tuple[str, str]]:
    """Every habit's values, in the order of ``habits.csv``."""
    with (seeds / "habits.csv").open(newline="", encoding="utf-8") as file:
        return [(row["habit"], row["value"]) for row in csv.DictReader(file)]


def margins_of(time_of_week: str) -> tuple[Part, Part]:
    """What a value of ``TIME_OF_WEEK`` is part of: ``weekend 00:00 to 05:59`` of the weekend's
    messages, and of those of ``00:00 to 05:59``.
    """
    day, _, time = time_of_week.partition(" ")
    return (DAY_OF_WEEK, day), (TIME_OF_DAY, time)


def categories(values: Values) -> list[str]:
    """The splits that are categories of the taxonomy, or all risky content."""
    others = (MESSAGES, CHALLENGE)
    return [s for s in values if s not in others and not s.startswith(HABIT_PREFIX)]


def messages_by_month(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Messages in the marts, by month in order."""
    return dict(con.execute(read_sql("months")).fetchall())


def present(con: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """Forces with a message, by month."""
    rows = con.execute(read_sql("present")).fetchall()
    return {
        month: frozenset(force for _, force in found)
        for month, found in groupby(rows, key=lambda row: row[0])
    }


def supports(
    con: duckdb.DuckDBPyConnection, asked: Iterable[Asked], values: Values
) -> dict[Asked, Group]:
    """What stands behind each pool of a split; a pool without a message is empty.

    One query a split: a whole history's pools at once would not fit in memory.
    """
    found: dict[Asked, Group] = {}
    for split, of_split in groupby(sorted(asked, key=lambda a: a[0]), key=lambda a: a[0]):
        pools = [pool for _, pool in of_split]
        nothing = dict.fromkeys((ALL_VALUES, *values[split]), NOTHING)
        counted = [dict(nothing) for _ in pools]
        _ask(con, split, pools)
        for number, value, support in _read(con):
            counted[number][value] = support
        for pool, parts in zip(pools, counted, strict=True):
            found[split, pool] = Group(parts.pop(ALL_VALUES), parts)
    return found


class Counted:
    """What stands behind pools, each counted once however often it is asked for."""

    def __init__(self, con: duckdb.DuckDBPyConnection, values: Values) -> None:
        self._con = con
        self.values = values
        self._known: dict[Asked, Group] = {}

    def supports(self, asked: Iterable[Asked]) -> Mapping[Asked, Group]:
        """As ``supports`` gives it, of these pools and all asked for before."""
        self._known |= supports(self._con, set(asked) - self._known.keys(), self.values)
        return self._known


def _ask(con: duckdb.DuckDBPyConnection, split: str, pools: list[Pool]) -> None:
    con.execute(read_sql("clear_groups"))
    rows = [
        (month, split, force, number)
        for number, pool in enumerate(pools)
        for month, force in sorted(pool)
    ]
    if rows:
        con.execute(read_sql("group"), [list(column) for column in zip(*rows, strict=True)])


def _read(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, str, Support]]:
    for group, value, *counts in con.execute(read_sql("supports")).fetchall():
        yield group, value, Support(*counts)


def read_sql(name: str) -> str:
    """The text of ``sql/release/<name>.sql``."""
    return (SQL / f"{name}.sql").read_text()
