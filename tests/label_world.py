"""A month of hand-made messages whose scores put them in known strata."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.keys import Keys
from pipelines.label.store import Store
from pipelines.staging.schema import StagedRow
from pipelines.warehouse.load import load_shards
from tests.warehouse_world import row, stage

MONTH = "2026-10"
STRATA = {"DISC 3": 4, "SEXM 1": 6, "rest": 40, "wordless": 8}  # of load_month
MAKEUP: list[tuple[str, dict[str, float]]] = [
    *[("sharp", {"DISC": 0.95, "SEXM": 0.2})] * 2,
    *[("doubt", {"DISC": 0.05, "SEXM": 0.3})] * 3,
    *[("plain", {"DISC": 0.05, "SEXM": 0.01})] * 20,
    *[("", {"DISC": 0.0, "SEXM": 0.0})] * 4,
]


def submission(name: str, contributor: str) -> list[StagedRow]:
    """``MAKEUP`` as one submission; scores from a half up are flagged."""
    return [
        row(
            number,
            text=f"{word} {number}" if word else "",
            n_chars=len(word),
            risks=risks,
            flags=[code for code, score in risks.items() if score >= 0.5],
            fingerprint=f"{name} {number}",
            submission_key=name,
            contributor_key=contributor,
            chat_key=name,
            author_key=contributor,
        )
        for number, (word, risks) in enumerate(MAKEUP)
    ]


def load_month(connection: duckdb.DuckDBPyConnection, folder: Path, keys: Keys) -> None:
    """Two contributors' submissions, so twice ``MAKEUP``."""
    rows = [submission("s1", "c1"), submission("s2", "c2")]
    load_shards(connection, [stage(folder, keys, each) for each in rows], keys)


def judge_all(store: Store, *, disc: str = "sharp") -> None:
    """Judge the queue as somebody who finds DISC wherever the text starts with ``disc``."""
    for item in store.queue():
        store.record(item, ["DISC"] if item.text.startswith(disc) else [])
