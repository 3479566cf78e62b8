"""The ledger: where every line and message went, stage by stage. A run whose ledger does not
reconcile stops.

In each stage the outcomes add up to the total, and what goes on is the next stage's total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

import duckdb
from rich.table import Table

from pipelines.duck import read_sql
from pipelines.staging.counts import LedgerError


@dataclass(frozen=True, slots=True)
class Outcome:
    """Part of a stage's total. What ``goes_on`` is where the next stage starts."""

    name: str
    count: int
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. The first counts lines, all others messages."""

    name: str
    total: int
    outcomes: tuple[Outcome, ...]

    def carried(self) -> int | None:
        """What goes on to the next stage; ``None`` where that one counts something else."""
        counts = [outcome.count for outcome in self.outcomes if outcome.goes_on]
        return sum(counts) if counts else None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every stage so far, in order."""

    stages: tuple[Stage, ...]

    def check(self) -> None:
        """Raise ``LedgerError`` naming the first stage that does not reconcile."""
        for stage in self.stages:
            found = sum(outcome.count for outcome in stage.outcomes)
            if found != stage.total:
                raise LedgerError(
                    f"Ledger: of {stage.total} {stage.name}, {found} are accounted for. Nothing "
                    "was changed; load the staged shards again."
                )
        for before, after in pairwise(self.stages):
            if before.carried() not in (None, after.total):
                raise LedgerError(
                    f"Ledger: {before.carried()} go on from {before.name}, but there are "
                    f"{after.total} {after.name}. Nothing was changed; load and build again."
                )

    def with_release(self, parts: Mapping[str, int]) -> Ledger:
        """With a last stage: what the release did with every message of the marts."""
        total = self.stages[-1].carried() or 0
        outcomes = tuple(Outcome(name, count, False) for name, count in parts.items())
        longer = Ledger((*self.stages, Stage("messages in the marts", total, outcomes)))
        longer.check()
        return longer


def record_load(connection: duckdb.DuckDBPyConnection) -> Ledger:
    """Write the ledger up to messages counted once. Raises ``LedgerError``."""
    connection.execute(read_sql("warehouse/ledger_load.sql"))
    return read_ledger(connection)


def record_marts(connection: duckdb.DuckDBPyConnection) -> Ledger:
    """Add the marts to the ledger. Raises ``LedgerError``."""
    connection.execute(read_sql("warehouse/ledger_marts.sql"))
    return read_ledger(connection)


def read_ledger(connection: duckdb.DuckDBPyConnection) -> Ledger:
    """The warehouse's ledger, checked. Raises ``LedgerError``."""
    rows = connection.execute(read_sql("warehouse/read_ledger.sql")).fetchall()
    stages = []
    for (_, name, total), group in groupby(rows, key=lambda row: row[:3]):
        stages.append(Stage(name, total, tuple(Outcome(*row[3:]) for row in group)))
    ledger = Ledger(tuple(stages))
    ledger.check()
    return ledger


def render(ledger: Ledger) -> Table:
    """The ledger as a table for the terminal."""
    table = Table(title="Ledger: where everything went", title_justify="left")
    table.add_column("of", justify="right")
    table.add_column("stage")
    table.add_column("went", justify="right")
    table.add_column("where")
    for stage in ledger.stages:
        for index, outcome in enumerate(stage.outcomes):
            first = index == 0
            table.add_row(
                f"{stage.total:,}" if first else "",
                stage.name if first else "",
                f"{outcome.count:,}",
                outcome.name,
                end_section=index == len(stage.outcomes) - 1,
            )
    return table
