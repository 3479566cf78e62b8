"""mart.contribution: what each person contributed, by force, month and category."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.keys import Keys
from pipelines.warehouse.load import load_shards
from pipelines.warehouse.marts import build_marts
from tests.warehouse_world import CUMBRIA, MET, key, row, stage, table

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)

# contributor, force, sent on, probabilities, flags, challenged
MESSAGES = """
c1  MET      2026-10-05  DISC=.9          DISC       yes
c1  MET      2026-10-31  DISC=.2,OPS=.5   -          -
c1  MET      2026-11-01  OPS=.8           OPS        no
c2  CUMBRIA  2026-10-05  DISC=.6,OPS=.6   DISC,OPS   no
c2  CUMBRIA  2026-10-06  SPUP=.7          SPUP       -
"""

# contributor, force, month, category, messages, flagged, expected, challenged
EXPECTED = """
c1  MET      2026-10-01  ANY   2  1  1.5   1
c1  MET      2026-10-01  DISC  2  1  1.1   1
c1  MET      2026-10-01  OPS   2  0  0.5   0
c1  MET      2026-10-01  SPUP  2  0  0     0
c1  MET      2026-11-01  ANY   1  1  0.8   0
c1  MET      2026-11-01  DISC  1  0  0     0
c1  MET      2026-11-01  OPS   1  1  0.8   0
c1  MET      2026-11-01  SPUP  1  0  0     0
c2  CUMBRIA  2026-10-01  ANY   2  1  0.84  0
c2  CUMBRIA  2026-10-01  DISC  2  1  0.6   0
c2  CUMBRIA  2026-10-01  OPS   2  1  0.6   0
c2  CUMBRIA  2026-10-01  SPUP  2  1  0.7   0
"""

FORCES = {"MET": MET, "CUMBRIA": CUMBRIA}
SEEN = ("ANY", "DISC", "OPS", "SPUP")


def load(connection: duckdb.DuckDBPyConnection, folder: Path, keys: Keys) -> None:
    people: dict[str, list[Any]] = {}
    for line in MESSAGES.strip().splitlines():
        person, force, day, risks, flags, challenged = line.split()
        rows = people.setdefault(person, [])
        rows.append(
            row(
                len(rows),
                fingerprint=line,
                submission_key=f"s-{person}",
                contributor_key=person,
                author_key=f"a-{person}",
                chat_key=f"chat-{person}",
                force_code=FORCES[force],
                sent_on=date.fromisoformat(day),
                risks={k: float(v) for k, v in (pair.split("=") for pair in risks.split(","))},
                flags=[] if flags == "-" else flags.split(","),
                challenged={"yes": True, "no": False, "-": None}[challenged],
            )
        )
    load_shards(connection, [stage(folder, keys, rows) for rows in people.values()], keys)


def expected() -> list[tuple[Any, ...]]:
    rows = []
    for line in EXPECTED.strip().splitlines():
        person, force, month, category, messages, flagged, probability, challenged = line.split()
        rows.append(
            (
                key(person), key(f"a-{person}"), key(f"chat-{person}"), FORCES[force],
                date.fromisoformat(month), category, int(messages), int(flagged),
                pytest.approx(float(probability)), int(challenged),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda r: (r[3], r[4], r[5]))


def test_contribution(tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(warehouse, tmp_path, keys)
    build_marts(warehouse)
    found = warehouse.execute(
        "FROM mart.contribution WHERE list_contains(?, category) "
        "ORDER BY force_code, month, category",
        [list(SEEN)],
    ).fetchall()
    assert found == expected()


def test_every_category_has_a_row(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Zeros are rows: a missing category would be no denominator, not a rate of nought."""
    load(warehouse, tmp_path, keys)
    build_marts(warehouse)
    assert table(
        warehouse,
        "SELECT month, count(*) FROM mart.contribution WHERE force_code = 'E23000001' GROUP BY ALL",
    ) == [(OCTOBER, 13), (NOVEMBER, 13)]


def test_duplicates_are_left_out(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    texts = [f"message number {n} of a long talk" for n in range(4)]
    shards = [
        stage(
            tmp_path,
            keys,
            [
                row(
                    n, fingerprint=text, distinctive=True, submission_key=f"s{v}",
                    contributor_key=f"c{v}", author_key=f"a{v}", chat_key=f"chat{v}",
                    scope="whole_chat",
                )
                for n, text in enumerate(texts)
            ],
            minutes_later=v,
        )
        for v in (1, 2)
    ]  # fmt: skip
    load_shards(warehouse, shards, keys)
    build_marts(warehouse)
    found = table(
        warehouse, "SELECT contributor_key, messages FROM mart.contribution WHERE category = 'ANY'"
    )
    assert found == [(key("c1"), 4)]
