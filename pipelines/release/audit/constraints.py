"""One quarter's linear constraints: a column a force, month and value, a row a published sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from pipelines.classify.taxonomy import PROTECTIVE_CODE
from pipelines.release.audit.notes import AuditNotes
from pipelines.release.audit.world import ALL_MESSAGES, CONTRIBUTORS, Key, World
from pipelines.release.cells import (
    ANY_RISK,
    CHALLENGE,
    CHALLENGED,
    FLAGGED,
    HABIT_PREFIX,
    MESSAGES,
    TIME_OF_WEEK,
    UNCHALLENGED,
    Part,
    margins_of,
)
from pipelines.release.periods import months_of
from pipelines.release.places import Places
from pipelines.release.policy import MIN_CONTRIBUTORS

INFINITY = float("inf")


class Count(NamedTuple):
    """One unknown: how many messages of a force and month have a value.

    Of people (``CONTRIBUTORS``) how many there are, by month and by quarter. One that a re-baseline
    counted anew is another unknown, of a later ``generation``.
    """

    split: str
    value: str
    month: str
    force: str
    generation: int = 0


@dataclass
class Constraints:
    """Rows ``low <= A x <= high`` over non-negative columns; ``source`` says whose a row is."""

    columns: dict[Count, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    source: list[Key | None] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)

    def add(
        self, terms: Mapping[int, float], low: float, high: float, source: Key | None = None
    ) -> None:
        row = len(self.low)
        self.entries += [(row, column, factor) for column, factor in terms.items()]
        self.low.append(low)
        self.high.append(high)
        self.source.append(source)

    def matrix(self) -> csr_array:
        entries = np.array(self.entries).reshape(-1, 3)  # a quarter without messages has none
        rows, columns, factors = entries[:, 0].astype(int), entries[:, 1].astype(int), entries[:, 2]
        return csr_array((factors, (rows, columns)), shape=(len(self.low), len(self.columns)))

    def members(self, key: Key, places: Places) -> list[int]:
        """The columns that a cell is the sum of."""
        forces = sorted(places.members(key.cell.place))
        counts = (
            Count(key.split, key.value, period, force, key.generation)
            for period in added_up(key)
            for force in forces
        )
        columns = [self.current(count) for count in counts]
        return [column for column in columns if column is not None]

    def current(self, count: Count) -> int | None:
        """The column of a count in its generation: that of the last one that counted it anew."""
        for generation in range(count.generation, -1, -1):
            column = self.columns.get(count._replace(generation=generation))
            if column is not None:
                return column
        return None


def constrain(world: World, places: Places, notes: AuditNotes) -> Constraints:
    """Everything public about a quarter: sums, rounding, thresholds, and what a count cannot be.

    ``notes.present`` are the forces with a message, by month: of the others the attacker knows that
    every count is zero, so they have no column. A month it does not speak of has every force.
    """
    present = notes.present
    keys = [figure.key for figure in world.figures] + list(world.withheld)
    said = {(key.split, key.value) for key in keys}
    if any(split == CHALLENGE for split, _ in said):  # two parts, which are all risky content
        said |= {(ANY_RISK, FLAGGED), (CHALLENGE, CHALLENGED), (CHALLENGE, UNCHALLENGED)}
    times = sorted(value for split, value in said if split == TIME_OF_WEEK)
    said |= {margin for value in times for margin in margins_of(value)}
    values = sorted({(MESSAGES, ALL_MESSAGES), *said})
    found = Constraints()
    people = (CONTRIBUTORS, ALL_MESSAGES) in values
    for month in months_of(world.block):
        for force in sorted(present.get(month, places.forces)):
            for split, value in values:
                found.columns[Count(split, value, month, force)] = len(found.columns)
    for generation, moved in world.moved:
        for month, force in sorted(moved):
            for split, value in values:
                anew = Count(split, value, month, force, generation)
                found.columns[anew] = len(found.columns)
    if people:
        _add_people(found, world.block, present)
    _add_figures(found, world, places, notes)
    _add_categories(found, [split for split, value in values if value == FLAGGED])
    _add_challenges(found)
    habits = [(split, value) for split, value in values if split.startswith(HABIT_PREFIX)]
    _add_habits(found, [(split, value) for split, value in habits if split != TIME_OF_WEEK])
    _add_times_of_week(found, times)
    return found


def added_up(key: Key) -> Sequence[str]:
    """The periods a cell is the sum over: its months; a quarter counts its people once."""
    return (key.cell.period,) if key.split == CONTRIBUTORS else months_of(key.cell.period)


def _add_people(found: Constraints, block: str, present: Mapping[str, frozenset[str]]) -> None:
    """Whoever is counted wrote something; a quarter's people are each in one month or more."""
    forces: set[tuple[int, str]] = set()
    for whole, messages in _whole(found):
        people = found.columns[whole._replace(split=CONTRIBUTORS)]
        found.add({messages: 1.0, people: -1.0}, 0.0, INFINITY)
        if whole.month in present and not whole.generation:  # it has a message: somebody wrote it
            found.add({people: 1.0}, 1.0, INFINITY)
        forces.add((whole.generation, whole.force))
    for generation, force in sorted(forces):
        quarter = Count(CONTRIBUTORS, ALL_MESSAGES, block, force, generation)
        counts = [found.current(quarter._replace(month=month)) for month in months_of(block)]
        months = [count for count in counts if count is not None]
        column = found.columns[quarter] = len(found.columns)
        for month in months:
            found.add({column: 1.0, month: -1.0}, 0.0, INFINITY)
        found.add(dict.fromkeys(months, 1.0) | {column: -1.0}, 0.0, INFINITY)


def _add_figures(found: Constraints, world: World, places: Places, notes: AuditNotes) -> None:
    for figure in world.figures:
        key = figure.key
        parts = found.members(key, places)
        twice = notes.counted_twice(key.cell) if key.split == CONTRIBUTORS else 0
        low, high = figure.low + (twice or 0), figure.high + (twice or 0)
        found.add(dict.fromkeys(parts, 1.0), low, INFINITY if twice is None else high, key)
        if key.value == FLAGGED:  # and as many people's are not flagged
            whole = found.members(key._replace(split=MESSAGES, value=ALL_MESSAGES), places)
            rest = dict.fromkeys(whole, 1.0) | dict.fromkeys(parts, -1.0)
            found.add(rest, MIN_CONTRIBUTORS, INFINITY, key)
        if key.value == CHALLENGED:  # nor are as many people's challenged
            others = found.members(key._replace(value=UNCHALLENGED), places)
            found.add(dict.fromkeys(others, 1.0), MIN_CONTRIBUTORS, INFINITY, key)


def _add_categories(found: Constraints, categories: Iterable[str]) -> None:
    """A message may have several categories: any is at least each, at most all together."""
    risky = [c for c in categories if c not in (ANY_RISK, PROTECTIVE_CODE)]
    for whole, column in _whole(found):
        flagged = {c: found.columns[whole._replace(split=c, value=FLAGGED)] for c in categories}
        for part in flagged.values():
            found.add({column: 1.0, part: -1.0}, 0.0, INFINITY)
        if ANY_RISK in flagged:
            any_risk = flagged[ANY_RISK]
            for category in risky:
                found.add({any_risk: 1.0, flagged[category]: -1.0}, 0.0, INFINITY)
            together = {flagged[category]: 1.0 for category in risky}
            found.add(together | {any_risk: -1.0}, 0.0, INFINITY)


def _add_challenges(found: Constraints) -> None:
    """Risky messages are those challenged and those not."""
    for count, challenged in list(found.columns.items()):
        if count.value == CHALLENGED:
            unchallenged = found.columns[count._replace(value=UNCHALLENGED)]
            risky = found.columns[count._replace(split=ANY_RISK, value=FLAGGED)]
            found.add({challenged: 1.0, unchallenged: 1.0, risky: -1.0}, 0.0, 0.0)


def _add_habits(found: Constraints, values: Iterable[tuple[str, str]]) -> None:
    """The values of a habit are all of the messages."""
    habits: dict[str, list[str]] = {}
    for habit, value in values:
        habits.setdefault(habit, []).append(value)
    for whole, column in _whole(found):
        for habit, names in habits.items():
            parts = [found.columns[whole._replace(split=habit, value=name)] for name in names]
            found.add(dict.fromkeys(parts, 1.0) | {column: -1.0}, 0.0, 0.0)


def _add_times_of_week(found: Constraints, times: Iterable[str]) -> None:
    """Those of a kind of day, or of a part of the day, are all of its messages."""
    within: dict[Part, list[str]] = {}
    for time in times:
        for margin in margins_of(time):
            within.setdefault(margin, []).append(time)
    for whole, _ in _whole(found):
        for (split, value), names in within.items():
            column = found.columns[whole._replace(split=split, value=value)]
            parts = [found.columns[whole._replace(split=TIME_OF_WEEK, value=n)] for n in names]
            found.add(dict.fromkeys(parts, 1.0) | {column: -1.0}, 0.0, 0.0)


def _whole(found: Constraints) -> list[tuple[Count, int]]:
    return [(count, column) for count, column in found.columns.items() if count.split == MESSAGES]


def indicator(found: Constraints, keys: Iterable[Key], places: Places) -> csr_array:
    """One row a cell: its members, so that ``indicator @ x`` are the cells' values."""
    members = [found.members(key, places) for key in keys]
    rows = np.repeat(np.arange(len(members)), [len(m) for m in members])
    columns = np.array([column for m in members for column in m], dtype=int)
    shape = (len(members), len(found.columns))
    return csr_array((np.ones(len(columns)), (rows, columns)), shape=shape)
