"""Sound inputs for the three gates, as small as passes every expectation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.classify.taxonomy import CODES
from pipelines.duck import literal, open_memory, read_sql
from pipelines.impact.reasons import Reason
from pipelines.keys import Keys
from pipelines.release.cells import read_habits
from pipelines.release.effects import PLACEBO_DATE, SPANS, why_no_effect
from pipelines.release.places import NATIONAL, read_places
from pipelines.release.rows import (
    ChallengeRow,
    EffectRow,
    HabitRow,
    ImpactRow,
    TrendRow,
    write_rows,
)
from pipelines.staging.schema import StagedRow
from pipelines.staging.shard import sidecar, to_table
from pipelines.validate.runner import run_suite
from pipelines.validate.suite import load_suite
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.load import load_shards
from pipelines.warehouse.marts import build_marts
from tests.warehouse_world import CUMBRIA, row, stage

TOO_FEW = Reason.TRAINED_FORCES.value
NO_RISK = dict.fromkeys(CODES, 0.01)


def failing(gate: str, connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Ids of the expectations that fail, having checked that every one could be evaluated."""
    checks = run_suite(load_suite(gate), connection)
    assert all(check.evaluated for check in checks)
    return {check.id for check in checks if not check.passed}


def sound_rows(count: int = 3) -> list[StagedRow]:
    """A volunteer's own messages: the second flagged, and challenged by nobody."""
    rows = [row(n, text="late turn again", risks=NO_RISK) for n in range(count)]
    rows[1] = replace(rows[1], flags=["BULL"], challenged=False)
    return rows


def write_shard_as_is(
    folder: Path, keys: Keys, rows: Sequence[StagedRow], counts: Mapping[str, Any], extra: str = ""
) -> Path:
    """A shard and a sidecar that may say anything. ``extra`` is a further column's expression."""
    path = folder / "shard.parquet"
    n = len(rows)
    said = {
        **{"chats": 1, "lines_in": n, "lines_in_messages": n, "messages": n, "system": 0},
        **{"other_members": 0, "staged": n, "unprocessed": 0, "rejected": {}, "flags": {}},
        **counts,
    }
    with open_memory(keys.data) as connection:
        connection.register("given", to_table(rows))
        connection.execute(f"CREATE VIEW staged AS SELECT * {extra} FROM given")
        statement = read_sql("staging/write_shard.sql").replace("$shard", literal(str(path)))
        connection.execute(statement)
    content = {"submission_key": rows[0].submission_key.hex(), "counts": said}
    received = {"received_at": "2026-11-01T12:00:00+00:00"}
    sidecar(path).write_text(json.dumps(content | received))
    return path


def sound_warehouse(folder: Path, keys: Keys, a_month: int = 10) -> Path:
    """Two volunteers, two forces, five months; one of them exported the same chat twice.

    Each volunteer wrote ``a_month`` messages a month.
    """
    path = folder / "warehouse.duckdb"
    months = [date(2026, month, 5) for month in (6, 7, 8, 9, 10)]
    mine = [r for n, day in enumerate(months) for r in _months_rows(n, day, a_month)]
    other = [
        replace(r, **_other(n), fingerprint=row(10_000 + n).fingerprint) for n, r in enumerate(mine)
    ]
    again = [replace(r, submission_key=row(0, submission_key="s3").submission_key) for r in mine]
    again = [replace(r, chat_key=row(0, chat_key="chat3").chat_key) for r in again]
    shards = [stage(folder, keys, rows) for rows in (mine, other, again)]
    with open_warehouse(path, keys.data) as connection:
        load_shards(connection, shards, keys)
        build_marts(connection)
    return path


def _months_rows(month: int, day: date, many: int) -> list[StagedRow]:
    numbers = range(month * many, (month + 1) * many)
    text = "the whole shift is short of cars again"
    rows = [row(n, text=text, n_chars=len(text), risks=NO_RISK, sent_on=day) for n in numbers]
    rows = [replace(r, distinctive=True) for r in rows]
    rows[3] = replace(rows[3], flags=["BULL"], challenged=True)
    return rows


def _other(n: int) -> dict[str, Any]:
    changed = row(n, submission_key="s2", contributor_key="c2", chat_key="chat2", author_key="a2")
    names = ("submission_key", "contributor_key", "chat_key", "author_key")
    return {name: getattr(changed, name) for name in names} | {"force_code": CUMBRIA}


def sound_trends() -> list[TrendRow]:
    """Two months of every place; Cumbria is withheld."""
    rows = [
        TrendRow(period, force, category, 12.5, 6.0, 25.0, 200, 15, "uncalibrated", flagged)
        for period in ("2026-09", "2026-10")
        for force in read_places().all
        for category, flagged in (("ANY", 60), ("OPS", 5))
    ]
    none = dict.fromkeys(
        ("estimate_per_1000", "low", "high", "messages", "contributors", "flagged")
    )
    return [replace(r, **none) if r.force_code == CUMBRIA else r for r in rows]  # type: ignore[arg-type]


def sound_habits() -> list[HabitRow]:
    """Every habit of one month, halved alike; published for the country alone."""
    places = (NATIONAL, *read_places().forces)
    return [
        HabitRow("2026-10", place, habit, value, 500.0, 450.0, 550.0, 200, 15)
        if place == NATIONAL
        else HabitRow("2026-10", place, habit, value, None, None, None, None, None)
        for place in places
        for habit, value in read_habits()
    ]


def sound_challenge(trends: Iterable[TrendRow]) -> list[ChallengeRow]:
    """A third of all risky content, wherever that is published."""
    wholes = {(r.period, r.force_code): r.flagged for r in trends if r.category == "ANY"}
    return [
        ChallengeRow(*key, *(None,) * 4, "uncalibrated", None)
        if risky is None
        else ChallengeRow(*key, 33.333, 20.0, 48.0, risky, "uncalibrated", 20)
        for key, risky in wholes.items()
    ]


def sound_impact() -> list[ImpactRow]:
    """One programme with months on one side only."""
    return [
        ImpactRow(
            *("E23000001", "Active Bystander", "2026-10-05", "2026-10-30", "BULL"),
            *(1, 12.5, 6.0, 25.0),
            *(0, None, None, None),
            "uncalibrated",
        )
    ]


def sound_effects(trends: Iterable[TrendRow]) -> list[EffectRow]:
    """Bullying fell by a fifth in the year after training; nothing else is estimated.

    Of the forces and months that ``trends`` has, all are in the comparison.
    """
    trends, forces = list(trends), len(read_places().forces)
    units = forces * len({row.period for row in trends if "Q" not in row.period})
    nothing = (None, None, None, None, None, None)
    rows = [
        EffectRow(outcome, window, *nothing, 0, 0, forces, 0, units, "uncalibrated", TOO_FEW)
        for outcome in (*dict.fromkeys(row.category for row in trends), "habit:day_of_week")
        for window in (*SPANS, PLACEBO_DATE)
    ]
    year = list(SPANS).index("1-12")
    found = {"ratio": 0.8, "low": 0.7, "high": 0.914, "permutation_p": 0.004, "pre_trend_p": 0.6}
    sizes = {"trained_forces": 5, "forces": forces, "forces_left_out": 0}
    units_in = {"force_months": units, "force_months_left_out": 0}
    rows[year] = replace(rows[year], **found, **sizes, **units_in, status="estimated")
    return rows


def write_release(
    folder: Path,
    trends: Iterable[TrendRow],
    habits: Iterable[HabitRow],
    impact: Iterable[ImpactRow],
    published: int | None = None,
    challenge: Iterable[ChallengeRow] | None = None,
    effects: Iterable[EffectRow] | None = None,
) -> Path:
    """A release folder; ``published`` overrides the manifest's count of published figures.

    Unless given, challenge rates and effects are those that go with the trends.
    """
    trends = list(trends)
    shown = sum(r.estimate_per_1000 is not None for r in trends)
    write_rows(folder, TrendRow, trends)
    write_rows(folder, HabitRow, habits)
    write_rows(folder, ChallengeRow, sound_challenge(trends) if challenge is None else challenge)
    write_rows(folder, ImpactRow, impact)
    followed = sound_effects(trends) if effects is None else effects
    write_rows(folder, EffectRow, followed, why_no_effect)
    cells = {"published": shown, "suppressed": len(trends) - shown}
    if published is not None:
        cells["published"] = published
    manifest = {"release": "2026-10", "months_added": ["2026-10"], "cells": {"trends": cells}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder
