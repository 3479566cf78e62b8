"""mart.unclassified_contribution: what each person wrote that nobody classified, and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from pipelines.keys import Keys
from pipelines.warehouse.load import load_shards
from pipelines.warehouse.marts import build_marts
from tests.warehouse_world import CUMBRIA, MET, key, row, stage

FORCES = {"MET": MET, "CUMBRIA": CUMBRIA}

# contributor, force, sent on, why it was not classified
MESSAGES = """
c1  MET      2026-09-30  other_language
c1  MET      2026-10-01  other_language
c1  MET      2026-10-02  other_language
c1  MET      2026-10-03  unprocessed
c1  MET      2026-10-04  -
c2  CUMBRIA  2026-10-01  unprocessed
"""

# contributor, force, month, reason, messages
EXPECTED = """
c1  MET      2026-09-01  other_language  1
c1  MET      2026-10-01  other_language  2
c1  MET      2026-10-01  unprocessed     1
c2  CUMBRIA  2026-10-01  unprocessed     1
"""


def test_unclassified_contribution(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    people: dict[str, list[object]] = {}
    for line in MESSAGES.strip().splitlines():
        person, force, day, why = line.split()
        rows = people.setdefault(person, [])
        rows.append(
            row(
                len(rows), fingerprint=line, submission_key=f"s-{person}", contributor_key=person,
                author_key=f"a-{person}", chat_key=f"chat-{person}", force_code=FORCES[force],
                sent_on=date.fromisoformat(day), unclassified=None if why == "-" else why,
            )
        )  # fmt: skip
    load_shards(warehouse, [stage(tmp_path, keys, rows) for rows in people.values()], keys)
    build_marts(warehouse)
    found = warehouse.execute(
        "SELECT contributor_key, author_key, chat_key, force_code, month, reason, messages "
        "FROM mart.unclassified_contribution ORDER BY force_code, month, reason"
    ).fetchall()
    assert found == [
        (
            key(person), key(f"a-{person}"), key(f"chat-{person}"), FORCES[force],
            date.fromisoformat(month), reason, int(messages),
        )
        for person, force, month, reason, messages in map(
            str.split, EXPECTED.strip().splitlines()
        )
    ]  # fmt: skip
