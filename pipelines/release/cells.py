"""Exact supports, read from the warehouse's marts. Nothing here leaves the enclave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from pipelines.release.policy import NOTHING, Support
from pipelines.release.suppression import Group
from pipelines.settings import REPOSITORY

SQL = REPOSITORY / "sql" / "release"
ALL_VALUES = "*"
NATIONAL = "EW"
REMAINDER = "-"
MESSAGES = "messages"
"""The split whose one value is every message: its cells are the denominators."""


class Table(NamedTuple):
    """One month's split of messages, by force. ``month`` is ``YYYY-MM``."""

    month: str
    split: str


@dataclass(frozen=True, slots=True)
class Member:
    """Force ``force_code`` of ``table`` counts towards group ``group``."""

    table: Table
    force_code: str
    group: str


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Copy the contributions of the marts to temporary tables, one row per split value."""
    con.execute(read_sql("parts"))


def splits(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Every split's values, in order."""
    found: dict[str, tuple[str, ...]] = {MESSAGES: ("all",)}
    for split, value in con.execute(read_sql("splits")).fetchall():
        if value not in found.setdefault(split, ()):
            found[split] += (value,)
    return found


def messages_by_month(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Messages in the marts, by month in order."""
    return dict(con.execute(read_sql("months")).fetchall())


def supports(
    con: duckdb.DuckDBPyConnection, members: Iterable[Member], values: dict[str, tuple[str, ...]]
) -> dict[tuple[Table, str], Group]:
    """Each (table, group) with its denominator and split; groups without a message are empty."""
    asked = list(members)
    columns = zip(*((*m.table, m.force_code, m.group) for m in asked), strict=True)
    con.execute(read_sql("clear_groups"))
    if asked:
        con.execute(read_sql("group"), [list(column) for column in columns])
    found: dict[tuple[Table, str], dict[str, Support]] = {
        (m.table, m.group): dict.fromkeys((ALL_VALUES, *values[m.table.split]), NOTHING)
        for m in asked
    }
    for table, group, value, support in _read(con):
        found[table, group][value] = support
    return {key: _group(split) for key, split in found.items()}


def _read(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[Table, str, str, Support]]:
    for month, split, group, value, *counts in con.execute(read_sql("supports")).fetchall():
        yield Table(month, split), group, value, Support(*counts)


def _group(split: dict[str, Support]) -> Group:
    denominator = split.pop(ALL_VALUES)
    return Group(denominator, split)


def read_sql(name: str) -> str:
    """The text of ``sql/release/<name>.sql``."""
    return (SQL / f"{name}.sql").read_text()
