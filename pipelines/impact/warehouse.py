"""The internal panel, read from the warehouse. Nothing here leaves the enclave.

A force's month enters where its messages pass the release policy's rules for a denominator,
whatever was flagged in them: leaving out months with few flags would bias every ratio.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.duck import read_sql
from pipelines.impact.effects import Window
from pipelines.impact.panel import NEVER, Panel, make_panel
from pipelines.impact.policy import Part, TrainedForce, check_can_publish_effect
from pipelines.release.cells import (
    FLAGGED,
    MESSAGES,
    NOT_FLAGGED,
    Pool,
    Unit,
    Values,
    prepare,
    splits,
    supports,
)
from pipelines.release.periods import months_between, months_since
from pipelines.release.policy import Support, WithheldError, check_can_publish_denominator

WEEKENDS = "habit:day_of_week"
"""Messages sent at weekends: the outcome that no training is about."""
PLACEBO_PARTS = ("weekend", "weekday")
HALF_YEARS = ("06", "12")


def last_half_year(month: str) -> str:
    """The last month (YYYY-MM) of the latest June or December up to ``month``.

    Estimates are of whole half-years, so that two of them are never told apart by a month or two.
    """
    year, number = month[:4], month[5:]
    if number in HALF_YEARS:
        return month
    return f"{year}-06" if number > "06" else f"{int(year) - 1}-12"


Row = tuple[str, str, str, int, int]
"""Outcome, force, month, messages, and those counted."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A trained force's messages behind an effect; its training began in month ``start``."""

    force: str
    start: int
    pool: Pool


@dataclass(frozen=True)
class Collection:
    """Every outcome's panel; forces and months are indices into ``forces`` and ``months``.

    ``starts`` is the month each force's training began in, as a panel has it.
    """

    con: duckdb.DuckDBPyConnection
    values: Values
    forces: Sequence[str]
    months: Sequence[str]
    starts: Sequence[int]
    panels: Mapping[str, Panel]

    def check(self, outcome: str, behind: Sequence[Behind]) -> None:
        """Raise ``EffectWithheldError`` where the effect of these months may not be told."""
        pools = {one.force: one.pool for one in behind}
        parts = self._parts(outcome, pools.values())
        trained = [TrainedForce(one.force, one.start, parts[one.pool]) for one in behind]

        def together(names: frozenset[str]) -> Part:
            pool: Pool = frozenset().union(*(pools[name] for name in names))
            return self._parts(outcome, [pool])[pool]

        check_can_publish_effect(trained, together)

    def behind(self, panel: Panel, window: Window) -> list[Behind]:
        """Each trained force's months of ``window``."""
        found: dict[tuple[int, int], set[Unit]] = defaultdict(set)
        rows = (panel.event >= window[0]) & (panel.event <= window[1])
        columns = (panel.force[rows], panel.start[rows], panel.month[rows])
        for force, start, month in zip(*(column.tolist() for column in columns), strict=True):
            found[force, start].add((self.months[month], self.forces[force]))
        return [
            Behind(self.forces[force], start, frozenset(units))
            for (force, start), units in found.items()
        ]

    def _parts(self, outcome: str, pools: Iterable[Pool]) -> dict[Pool, Part]:
        """What stands behind an outcome in each pool: distinct people, not a sum."""
        found = supports(self.con, [(outcome, pool) for pool in pools], self.values)
        counted, rest = PLACEBO_PARTS if outcome == WEEKENDS else (FLAGGED, NOT_FLAGGED)
        return {
            pool: Part(group.split[counted], group.split[rest], group.denominator)
            for (_, pool), group in found.items()
        }


def read_collection(con: duckdb.DuckDBPyConnection, until: str) -> Collection:
    """Panels of the months up to ``until`` (YYYY-MM)."""
    prepare(con)
    values = splits(con)
    found = con.execute(read_sql("impact/panel.sql"), [until]).fetchall()
    began = {force: starts for _, force, _, starts, *_ in found}
    rows = wide_rows(con, values, [(*row[:3], *row[4:]) for row in found])
    forces = sorted({force for _, force, *_ in rows})
    named = sorted({month for _, _, month, *_ in rows})
    months = months_between(named[0], named[-1]) if named else []
    starts = [
        months_since(months[0], month) if (month := began[force]) else NEVER for force in forces
    ]
    panels = make_panels(rows, forces, months, starts)
    return Collection(con, values, forces, months, starts, panels)


def wide_rows(con: duckdb.DuckDBPyConnection, values: Values, rows: Sequence[Row]) -> list[Row]:
    """Rows of force-months whose messages pass the rules for a release's denominator."""
    units = {(month, force) for _, force, month, *_ in rows}
    asked = {unit: (MESSAGES, frozenset({unit})) for unit in sorted(units)}
    known = supports(con, asked.values(), values)
    wide = {unit for unit in units if is_wide(known[asked[unit]].denominator)}
    return [row for row in rows if (row[2], row[1]) in wide]


def make_panels(
    rows: Iterable[Row], forces: Sequence[str], months: Sequence[str], starts: Sequence[int]
) -> dict[str, Panel]:
    """Every outcome's panel, with indices into ``forces`` and ``months``."""
    place = {force: number for number, force in enumerate(forces)}
    panels: dict[str, list[tuple[int, int, int, float, float]]] = defaultdict(list)
    for outcome, force, month, messages, counted in rows:
        at = place[force]
        since = months_since(months[0], month)
        panels[outcome].append((at, since, starts[at], messages, counted))
    return {outcome: make_panel(of) for outcome, of in panels.items()}


def is_wide(messages: Support) -> bool:
    """Whether a force's month has the messages that a release's denominator needs."""
    try:
        check_can_publish_denominator(messages)
    except WithheldError:
        return False
    return True
