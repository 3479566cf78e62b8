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


@dataclass(frozen=True)
class Collection:
    """Every outcome's panel; forces and months are indices into ``forces`` and ``months``."""

    con: duckdb.DuckDBPyConnection
    values: Values
    forces: Sequence[str]
    months: Sequence[str]
    panels: Mapping[str, Panel]

    def check(self, outcome: str, panel: Panel, window: Window) -> None:
        """Raise ``EffectWithheldError`` where the effect over ``window`` may not be told."""
        pools = self._trained(panel, window)
        parts = self._parts(outcome, pools.values())
        starts = dict(zip(panel.force.tolist(), panel.start.tolist(), strict=True))
        trained = [
            TrainedForce(self.forces[force], starts[force], parts[pool])
            for force, pool in pools.items()
        ]

        def together(names: frozenset[str]) -> Part:
            of_them = (pool for force, pool in pools.items() if self.forces[force] in names)
            pool: Pool = frozenset().union(*of_them)
            return self._parts(outcome, [pool])[pool]

        check_can_publish_effect(trained, together)

    def _trained(self, panel: Panel, window: Window) -> dict[int, Pool]:
        """Each trained force's months of ``window``."""
        found: dict[int, set[Unit]] = defaultdict(set)
        rows = (panel.event >= window[0]) & (panel.event <= window[1])
        for force, month in zip(panel.force[rows], panel.month[rows], strict=True):
            found[int(force)].add((self.months[month], self.forces[force]))
        return {force: frozenset(units) for force, units in found.items()}

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
    rows = con.execute(read_sql("impact/panel.sql"), [until]).fetchall()
    units = sorted({(month, force) for _, force, month, *_ in rows})
    asked = {unit: (MESSAGES, frozenset({unit})) for unit in units}
    known = supports(con, asked.values(), values)
    wide = {unit for unit in units if _is_wide(known[asked[unit]].denominator)}
    forces = sorted({force for _, force in wide})
    named = sorted({month for month, _ in wide})
    months = months_between(named[0], named[-1]) if named else []
    place = {force: number for number, force in enumerate(forces)}
    panels: dict[str, list[tuple[int, int, int, float, float]]] = defaultdict(list)
    for outcome, force, month, starts, messages, counted in rows:
        if (month, force) in wide:
            start = months_since(months[0], starts) if starts else NEVER
            panels[outcome].append(
                (place[force], months_since(months[0], month), start, messages, counted)
            )
    made = {outcome: make_panel(of) for outcome, of in panels.items()}
    return Collection(con, values, forces, months, made)


def _is_wide(messages: Support) -> bool:
    try:
        check_can_publish_denominator(messages)
    except WithheldError:
        return False
    return True
