"""Decide every cell of some months: policy and suppression applied to the warehouse's supports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from pipelines.errors import GateError
from pipelines.release.cells import MESSAGES, NATIONAL, REMAINDER, Member, Table, supports
from pipelines.release.suppression import (
    Decision,
    Group,
    first_decision,
    next_decision,
    reason_to_withhold,
    remainder_is_safe,
)

Values = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every table's decision, and the exact groups (by force code, ``EW`` for national)."""

    decisions: dict[Table, Decision]
    groups: dict[tuple[Table, str], Group]

    def published(self, table: Table, force: str) -> Group | None:
        """The cell if it is published, else ``None``."""
        decision = self.decisions[table]
        allowed = decision.national_published if force == NATIONAL else force in decision.published
        return self.groups[table, force] if allowed else None


def decide(
    con: duckdb.DuckDBPyConnection, months: Sequence[str], forces: Sequence[str], values: Values
) -> Outcome:
    """Decide denominators first, then every split among the forces whose denominator is out."""
    tables = [Table(month, split) for month in months for split in values]
    members = [Member(table, f, f) for table in tables for f in forces]
    members += [Member(table, f, NATIONAL) for table in tables for f in forces]
    groups = supports(con, members, values)
    decisions = _settle(con, [t for t in tables if t.split == MESSAGES], forces, values, groups, {})
    splits = [t for t in tables if t.split != MESSAGES]
    decisions |= _settle(con, splits, forces, values, groups, decisions)
    return Outcome(decisions, groups)


def _settle(
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    forces: Sequence[str],
    values: Values,
    groups: dict[tuple[Table, str], Group],
    denominators: dict[Table, Decision],
) -> dict[Table, Decision]:
    """A force without a message that month has nothing to protect, nor hides anyone else's."""
    decisions = {}
    for table in tables:
        above = denominators.get(Table(table.month, MESSAGES))
        present = [force for force in forces if groups[table, force].denominator.messages]
        decisions[table] = first_decision(
            {force: groups[table, force] for force in present},
            groups[table, NATIONAL],
            above.published if above else frozenset(present),
            above.national_published if above else True,
        )
    while pending := [table for table in tables if not decisions[table].settled]:
        remainders = _remainders(con, {table: decisions[table] for table in pending}, values)
        for table in pending:
            sizes = {f: groups[table, f].denominator.messages for f in forces}
            decisions[table] = next_decision(decisions[table], remainders[table], sizes)
    return decisions


def _remainders(
    con: duckdb.DuckDBPyConnection, decisions: dict[Table, Decision], values: Values
) -> dict[Table, Group]:
    members = [
        Member(table, force, REMAINDER)
        for table, decision in decisions.items()
        for force in decision.withheld
    ]
    return {table: group for (table, _), group in supports(con, members, values).items()}


def recheck(con: duckdb.DuckDBPyConnection, outcome: Outcome, values: Values) -> dict[str, int]:
    """Read everything again and test what goes out, whatever decided it; counts of what was tested.

    Tests each published cell by itself and what each published national figure leaves after
    subtracting the published forces. Raises ``GateError`` at the first that should be withheld.
    """
    cells = [
        Member(table, force, force)
        for table, decision in outcome.decisions.items()
        for force in decision.published
    ]
    for (table, _), group in supports(con, cells, values).items():
        if reason_to_withhold(group) is not None:
            raise GateError(f"Disclosure recheck: a {table.split} cell of {table.month} is unsafe.")
    exposed = {
        table: decision
        for table, decision in outcome.decisions.items()
        if decision.national_published and decision.withheld
    }
    for table, group in _remainders(con, exposed, values).items():
        if not remainder_is_safe(group, len(exposed[table].withheld)):
            raise GateError(
                f"Disclosure recheck: {table.split} of {table.month} can be subtracted."
            )
    return {"cells": len(cells), "subtractions": len(exposed)}
