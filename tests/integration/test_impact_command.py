"""``candour impact`` as a person runs it, on a real warehouse of nine invented forces."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from pipelines.impact.warehouse import last_half_year, read_collection
from pipelines.keys import generate_keys, load_keys
from pipelines.settings import Settings
from pipelines.warehouse.connect import open_warehouse
from tests.impact_marts import build_impact_marts
from tests.marts import make_marts, team
from tests.releases import released

CANDOUR = Path(sys.executable).with_name("candour")
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]
TRAINED = {
    "E23000001": "2025-01", "E23000002": "2025-01", "E23000003": "2025-01",
    "E23000004": "2025-05", "E23000005": "2025-05", "E23000006": "2025-05",
}  # fmt: skip
NEVER = ("E23000007", "E23000008", "E23000009", "E23000010")
PEOPLE, MESSAGES, RATE, RATIO = 20, 200, 0.2, 0.6

WEEKENDS = """
INSERT INTO mart.habit_contribution
SELECT contributor_key, author_key, chat_key, force_code, month, 'weekday',
       unnest(['2', '7']), unnest([messages - weekend, weekend])
FROM (
    SELECT *, (40 + hash(contributor_key, month) % 40)::BIGINT AS weekend
    FROM mart.contribution WHERE category = 'ANY'
)
"""


def fill(con: duckdb.DuckDBPyConnection, trained: dict[str, str], people: dict[str, int]) -> None:
    """Flags of a fifth of all messages, and of three fifths as many after training."""
    rng = np.random.default_rng(7)
    rows = []
    for force in (*TRAINED, *NEVER):
        for month in MONTHS:
            ratio = RATIO if month > trained.get(force, "9999-12") else 1.0
            for person in range(people.get(force, PEOPLE)):
                who, chat = f"{force}-{person}".encode(), f"{force}/{person % 5}".encode()
                n = int(rng.binomial(MESSAGES, RATE * ratio))
                for category in ("ANY", "OPS"):
                    rows.append((who, who, chat, force, month + "-01", category, n))
    columns = [list(column) for column in zip(*rows, strict=True)]
    con.execute(
        "INSERT INTO mart.contribution SELECT unnest($1), unnest($2), unnest($3), unnest($4), "
        f"unnest($5)::DATE, unnest($6), {MESSAGES}, unnest($7), 0, 0",
        columns,
    )
    con.execute(WEEKENDS)
    build_impact_marts(con, trained)


def collection(home: Path, trained: dict[str, str]) -> Settings:
    """A warehouse, and a release of its last month."""
    settings = Settings(home=home)
    few = [p for force in TRAINED for p in team(force, "2025-12", 20, 20)]
    released(make_marts(few), "2025-12", settings)
    generate_keys(settings.keys)
    with open_warehouse(settings.warehouse, load_keys(settings.keys).data) as con:
        fill(con, trained, {})
    return settings


def impact(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CANDOUR, "impact", *arguments],
        env={**os.environ, "CANDOUR_HOME": str(home), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


def test_what_followed_training_is_told_of_all_forces_together(tmp_path: Path) -> None:
    collection(tmp_path, TRAINED)
    done = impact(tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["until"] == "2025-12"
    outcomes = {one["outcome"]: one for one in said["outcomes"]}
    risky, weekends = outcomes["OPS"], outcomes["habit:day_of_week"]
    overall = risky["ratios"]["1-12"]
    assert overall["low"] <= overall["ratio"] <= overall["high"] < 1
    assert overall["ratio"] < 0.7  # 0.6, and lower once false alarms are taken off
    assert risky["placebo_date"]["low"] <= 1 <= risky["placebo_date"]["high"]
    assert risky["permutation_p"] <= 0.05
    assert risky["least_detectable"] is None
    # everybody wrote in every month: the others, whom the difference would tell of, are nobody
    assert risky["stable_contributors"]["missing"].endswith("among other contributors")
    assert weekends["ratios"]["1-12"]["low"] <= 1 <= weekends["ratios"]["1-12"]["high"]
    assert weekends["permutation_p"] > 0.05
    assert min(weekends["pre_trend_p"], risky["pre_trend_p"]) > 0.05
    assert not any(force in done.stdout + done.stderr for force in (*TRAINED, *NEVER))


def test_too_few_trained_forces_are_not_enough_data(tmp_path: Path) -> None:
    collection(tmp_path, dict(list(TRAINED.items())[:2]))
    done = impact(tmp_path)
    assert done.returncode == 0
    said = " ".join(done.stderr.split())
    assert "Not enough data: too few trained forces" in said
    assert "it does not say that training did it" in said


def test_without_a_release_there_is_nothing_to_compare(tmp_path: Path) -> None:
    done = impact(tmp_path)
    assert done.returncode == 2
    assert "No release yet" in done.stderr


def test_months_of_few_people_are_left_out_whatever_was_flagged(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    fill(warehouse, TRAINED, {"E23000009": 9, "E23000010": 10})
    found = read_collection(warehouse, "2024-06")
    assert set(found.forces) == {*TRAINED, *NEVER} - {"E23000009"}
    assert found.months == MONTHS[:6]
    panel = found.panels["OPS"]
    assert panel.force.size == 9 * 6
    assert sorted({*panel.event[panel.force == 0].tolist()}) == [-12, -11, -10, -9, -8, -7]


@pytest.mark.parametrize(
    ("month", "until"),
    [
        ("2026-06", "2026-06"),
        ("2026-11", "2026-06"),
        ("2026-05", "2025-12"),
        ("2026-12", "2026-12"),
    ],
)
def test_estimates_are_of_whole_half_years(month: str, until: str) -> None:
    assert last_half_year(month) == until
