"""Hand-made staged rows and a scratch warehouse, for tests that write inputs as small tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from pipelines.duck import open_memory
from pipelines.keys import Keys
from pipelines.prevalence.shipped import shipped_version
from pipelines.staging.counts import StageCounts
from pipelines.staging.schema import StagedRow
from pipelines.staging.shard import Shard, write_shard

MET, CUMBRIA, NORTH_WALES = "E23000001", "E23000002", "W15000001"
RECEIVED = datetime(2026, 11, 1, 12, tzinfo=UTC)
VERSIONS = {"candour": "1", "classifier": shipped_version(), "deidentifier": "1"}


def key(name: str) -> bytes:
    """A 16-byte code that is the same wherever a test writes the same name."""
    return sha256(name.encode()).digest()[:16]


ROW = StagedRow(
    submission_key=key("s1"),
    row_no=0,
    contributor_key=key("c1"),
    chat_key=key("chat1"),
    author_key=key("a1"),
    force_code=MET,
    platform="whatsapp",
    scope="own_messages",
    group_band="3-9",
    sent_on=date(2026, 10, 5),
    sent_hour=9,
    kind="text",
    text="late turn again",
    n_chars=15,
    entities={},
    risks={},
    flags=[],
    challenged=None,
    unclassified=None,
    fingerprint=key("09:00 late turn again"),
    distinctive=False,
    model_versions=VERSIONS,
)


def row(number: int = 0, **changes: Any) -> StagedRow:
    """``ROW`` with changes; words given for keys become keys. Each number is its own message."""
    changes.setdefault("fingerprint", f"message {number}")
    for name, value in changes.items():
        if isinstance(value, str) and (name.endswith("_key") or name == "fingerprint"):
            changes[name] = key(value)
    return replace(ROW, row_no=number, **changes)


def counts_of(rows: Sequence[StagedRow]) -> StageCounts:
    """Counts as if each row were one line and nothing was left out."""
    n = len(rows)
    why = Counter(row.unclassified for row in rows)
    return StageCounts(
        1, n, n, n, system=0, other_members=0, staged=n,
        unprocessed=why["unprocessed"], other_language=why["other_language"],
    )  # fmt: skip


def stage(folder: Path, keys: Keys, rows: Sequence[StagedRow], *, minutes_later: int = 0) -> Shard:
    """Write one submission's rows as a shard, received some minutes after the first."""
    with open_memory(keys.data) as connection:
        return write_shard(
            connection,
            folder,
            rows,
            counts_of(rows),
            rows[0].submission_key.hex(),
            RECEIVED + timedelta(minutes=minutes_later),
            rows[0].model_versions,
        )


def table(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """Rows of a query, sorted."""
    return sorted(connection.execute(query).fetchall(), key=str)


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the warehouse, row for row, but for the times of loading."""
    names = connection.execute(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables "
        "WHERE table_schema IN ('core', 'mart') AND table_type = 'BASE TABLE' ORDER BY 1"
    ).fetchall()
    skip = {"core.submission": " EXCLUDE (loaded_at)"}
    return {
        name: table(connection, f"SELECT *{skip.get(name, '')} FROM {name}") for (name,) in names
    }
