"""A small seeded sample of ``make faults``; and that the comparison it rests on can fail."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.faults_world import STAGES, ReleaseWatch, State, differences, read_state
from pipelines.release.files import write_checksums
from pipelines.settings import REPOSITORY
from pipelines.warehouse.connect import open_warehouse
from tests.erasure_world import ANNS, OTHERS, World


def test_ten_random_kills_lose_and_double_nothing() -> None:
    """One by the clock and one at a file operation in each stage."""
    sample = ["--by-clock", "1", "--by-operation", "1", "--sample", "--seed", "6"]
    done = subprocess.run(
        [sys.executable, "-m", "bench.faults", *sample],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert f"{2 * len(STAGES)} kills: 0 rows or files" in done.stdout


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path)
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.load()
    monkeypatch.setenv("CANDOUR_HOME", str(world.settings.home))
    return world


def run(world: World, statement: str) -> None:
    with open_warehouse(world.settings.warehouse, world.keys.data) as connection:
        connection.execute(statement)


def lose_a_row(world: World) -> None:
    run(world, "DELETE FROM core.message WHERE row_no = 1 AND author_key = "
               "(SELECT min(author_key) FROM core.message WHERE row_no = 1)")  # fmt: skip


def double_a_row(world: World) -> None:
    run(world, "INSERT INTO core.message SELECT * REPLACE (99 AS row_no) FROM core.message LIMIT 1")


def leave_a_partial_file(world: World) -> None:
    (world.settings.staged / "left.parquet.partial").write_bytes(b"")


def lose_a_file(world: World) -> None:
    sorted(world.settings.inbox.glob("*/receipt.json"))[0].unlink()


DAMAGES: list[tuple[Callable[[World], None], str]] = [
    (lose_a_row, "table core.message: 1 lost, 0 gained"),
    (double_a_row, "table core.message: 0 lost, 1 gained"),
    (leave_a_partial_file, "staged/left.parquet.partial: 0 lost, 1 gained"),
    (lose_a_file, "receipt.json: 1 lost, 0 gained"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES)
def test_the_comparison_sees_what_is_lost_and_gained(
    damage: Callable[[World], None], said: str, world: World
) -> None:
    before = read_state()
    assert differences(before, read_state()) == []
    damage(world)
    (found,) = differences(before, read_state())
    assert found.endswith(said)


def test_half_a_release_is_seen(world: World) -> None:
    folder = world.settings.releases / "2026-10"
    folder.mkdir(parents=True)
    (folder / "trends.csv").write_text("figures")
    write_checksums(folder)
    final: State = read_state()
    watch = ReleaseWatch(world.settings.home, final)
    watch.look()
    assert watch.problems == []
    (folder / "trends.csv").write_text("fig")
    watch.look(again=True)
    assert watch.problems == [
        "half a release was visible: trends.csv was changed",
        "half a release was visible: releases/2026-10/trends.csv is not final",
    ]
