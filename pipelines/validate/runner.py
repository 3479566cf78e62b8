"""Runs a suite through Great Expectations on DuckDB, and keeps nothing but booleans.

Results are asked for as ``BOOLEAN_ONLY`` and reduced to ``Check`` here: no row's value and no
exception text (which may quote one) gets any further.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import duckdb

from pipelines.validate.suite import Severity, Suite


@dataclass(frozen=True, slots=True)
class Check:
    """How one expectation stood. ``evaluated`` is false where it could not be run at all."""

    id: str
    description: str
    severity: Severity
    table: str
    passed: bool
    evaluated: bool = True


def count_rows(suite: Suite, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows each table of ``suite`` has."""
    return {name: len(connection.table(name)) for name in suite.tables}


class _PersistedDialect(StrEnum):
    DUCKDB = "duckdb"


def run_suite(suite: Suite, connection: duckdb.DuckDBPyConnection) -> tuple[Check, ...]:
    """Every expectation of ``suite`` on the tables and views of ``connection``, in file order."""
    with _quiet():
        source = _data_source(connection)
        outcomes = {
            name: outcome
            for table in suite.tables
            for name, outcome in _validate(suite, table, source).items()
        }
    return tuple(
        Check(
            e.id,
            e.says,
            e.severity,
            e.table,
            passed=outcomes.get(e.id) is True,
            evaluated=outcomes.get(e.id) is not None,
        )
        for e in suite.expectations
    )


def _data_source(connection: duckdb.DuckDBPyConnection) -> Any:
    """An ephemeral context: no project folder, no data docs."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    _keep_connection_open()
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context.data_sources.add_sql(
        "gate",
        connection_string="duckdb:///:memory:",
        kwargs={"creator": lambda: _shared(connection)},
    )


def _shared(connection: duckdb.DuckDBPyConnection) -> Any:
    """``connection`` as SQLAlchemy knows it.

    GX opens and disposes of several SQLAlchemy connections, all of them this one: it stays open,
    and reads without a transaction, since one of theirs would be within another's.
    """
    import duckdb_engine

    wrapper: Any = duckdb_engine.ConnectionWrapper(connection)
    wrapper.close = wrapper.begin = wrapper.commit = wrapper.rollback = lambda: None
    return wrapper


def _keep_connection_open() -> None:
    """GX reads results after closing the connection unless it knows that the dialect minds."""
    from great_expectations.execution_engine import sqlalchemy_execution_engine

    engine: Any = sqlalchemy_execution_engine
    if _PersistedDialect.DUCKDB not in engine._PERSISTED_CONNECTION_DIALECTS:
        engine._PERSISTED_CONNECTION_DIALECTS += (_PersistedDialect.DUCKDB,)


def _validate(suite: Suite, table: str, source: Any) -> dict[str, bool | None]:
    """Passed, failed, or ``None`` where GX could not evaluate it, by expectation id."""
    import great_expectations as gx

    import pipelines.validate.no_rows  # noqa: F401 - known to GX from here on

    asked = [e.as_gx() for e in suite.expectations if e.table == table]
    batch = (
        source.add_table_asset(table, table_name=table)
        .add_batch_definition_whole_table("all")
        .get_batch()
    )
    found = batch.validate(
        gx.ExpectationSuite(name=f"{suite.gate}.{table}", expectations=asked),
        result_format="BOOLEAN_ONLY",
    )
    return {
        result.expectation_config.meta["id"]: None
        if _raised(result.exception_info)
        else bool(result.success)
        for result in found.results
    }


def _raised(info: Any) -> bool:
    """Whether GX recorded an exception: flat, or one entry a metric."""
    entries = [info, *info.values()] if info else []
    return any(isinstance(entry, dict) and entry.get("raised_exception") for entry in entries)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what GX logs meanwhile: its messages quote statements and values."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
