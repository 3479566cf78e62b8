"""``candour audit`` as a person runs it: exit codes, and JSON that a script can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from pipelines.release.rows import TrendRow, read_rows, write_rows
from pipelines.settings import Settings
from tests.marts import make_marts, team
from tests.releases import released

CANDOUR = Path(sys.executable).with_name("candour")
FORCES = {"E23000001": 30, "E23000002": 24, "E23000003": 20, "E23000004": 6}


def a_release(home: Path) -> Path:
    people = [p for force, size in FORCES.items() for p in team(force, "2026-01", size, 20)]
    return released(make_marts(people), "2026-01", Settings(home=home))


def audit(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CANDOUR, "audit", *arguments],
        env={**os.environ, "CANDOUR_HOME": str(home)},
        capture_output=True,
        text=True,
    )


def test_a_sound_release(tmp_path: Path) -> None:
    a_release(tmp_path)
    done = audit(tmp_path, "2026-01", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert (found["releases"], found["quarters"], found["insider_views"]) == (1, 1, 0)


def test_a_cell_that_can_be_told_is_named_and_refused(tmp_path: Path) -> None:
    """Lancashire is withheld to hide Merseyside; put it back."""
    folder = a_release(tmp_path)
    rows = read_rows(folder, TrendRow)
    there = next(r for r in rows if r.force_code == "E23000003")
    put_back = TrendRow(
        *("2026-01", "E23000003", there.category), *[None] * 3, 400, 20, "uncalibrated", None
    )
    write_rows(folder, TrendRow, [put_back if row is there else row for row in rows])
    done = audit(tmp_path)
    assert done.returncode == 4
    assert "E23000004 2026-01 messages" in done.stderr.replace("\n", " ")


def test_a_release_that_is_not_there(tmp_path: Path) -> None:
    assert audit(tmp_path).returncode == 2
    a_release(tmp_path)
    assert "No release 2026-07" in audit(tmp_path, "2026-07").stderr
