"""The three gates. Each runs its suite of ``expectations/`` and refuses where one says *stop*."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.errors import GateError
from pipelines.staging.shard import has_text, is_damaged, sidecar
from pipelines.validate.runner import Check, count_rows, run_suite
from pipelines.validate.suite import Severity, load_suite
from pipelines.validate.tables import (
    private_tables,
    release_tables,
    staged_tables,
    warehouse_tables,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GateResult:
    """How every expectation of a gate stood: names, descriptions and booleans, never a value.

    ``rows`` is how many rows each table had.
    """

    gate: str
    checks: tuple[Check, ...]
    rows: Mapping[str, int] = field(default_factory=dict)

    def failed(self, severity: Severity) -> tuple[Check, ...]:
        """Failed expectations of that severity. One that could not be run is a *stop*."""
        return tuple(c for c in self.checks if not c.passed and _weight(c) is severity)

    def counts(self) -> dict[str, int]:
        """How many expectations ran, passed and warned."""
        return {
            "expectations": len(self.checks),
            "passed": sum(check.passed for check in self.checks),
            "warned": len(self.failed(Severity.WARN)),
        }


Keep = Callable[[GateResult], object]
"""Told how a gate stood, also where it refuses."""


def check_staged(folder: Path, key: str, keep: Keep | None = None) -> GateResult:
    """Gate 1, over every finished shard in ``folder``; ``key`` is the data key.

    A shard whose texts' retention has run out passed it before, and has nothing left to look at.
    Raises ``GateError`` naming the expectations that failed, or the shard that is damaged. Nothing
    staged is nothing to check.
    """
    shards = [
        path
        for path in sorted(folder.glob("*.parquet"))
        if sidecar(path).exists() and has_text(path)
    ]
    if not shards:
        return GateResult("staged", ())
    _check_undamaged(shards)
    with staged_tables(shards, key) as connection:
        return _check("staged", connection, keep)


def check_warehouse(path: Path, key: str, keep: Keep | None = None) -> GateResult:
    """Gate 2, over the encrypted warehouse at ``path``. Raises ``GateError`` as gate 1 does."""
    with warehouse_tables(path, key) as connection:
        return _check("warehouse", connection, keep)


def check_release(folder: Path, keep: Keep | None = None) -> GateResult:
    """Gate 3, over the files of a release or of its draft. Raises ``GateError`` as gate 1 does.

    A private release has a suite of its own.
    """
    if (folder / "private.csv").exists():
        with private_tables(folder) as connection:
            return _check("private", connection, keep)
    with release_tables(folder) as connection:
        return _check("release", connection, keep)


def _check(gate: str, connection: duckdb.DuckDBPyConnection, keep: Keep | None) -> GateResult:
    suite = load_suite(gate)
    result = GateResult(gate, run_suite(suite, connection), count_rows(suite, connection))
    if keep is not None:
        keep(result)
    for check in result.failed(Severity.WARN):
        log.warning("The %s gate warns: %s (%s)", gate, check.id, check.description)
    stopped = result.failed(Severity.STOP)
    if stopped:
        raise GateError(f"The {gate} gate stopped the run: {'; '.join(map(_said, stopped))}")
    return result


def _check_undamaged(shards: Sequence[Path]) -> None:
    """Expectations over a shard that is not as it was staged fail, or cannot be evaluated, without
    saying which shard it is.
    """
    damaged = next(filter(is_damaged, shards), None)
    if damaged:
        raise GateError(
            f"The staged gate stopped the run: {damaged} is damaged. Delete it and its sidecar "
            "and run intake again: the submission is staged anew."
        )


def _weight(check: Check) -> Severity:
    return check.severity if check.evaluated else Severity.STOP


def _said(check: Check) -> str:
    how = "" if check.evaluated else " (could not be evaluated)"
    return f"{check.id}{how}: {check.description}"
