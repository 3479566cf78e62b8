"""Every stage on a full disk: one clear sentence; with room again, as if nothing had happened."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines import tasks
from pipelines.erasure.withdraw import ask
from pipelines.errors import CandourError
from pipelines.intake.inbox import pending
from pipelines.keys import load_keys
from pipelines.release.files import sum_problems
from pipelines.release.publish import published_months
from pipelines.settings import REPOSITORY, Settings
from tests.erasure_world import CANARY, OTHERS, World
from tests.small_disk import SmallDisk

MONTH = "2026-10"
LONG_CHAT = [
    f"{1 + n // 600:02d}/10/2026, {9 + n // 60 % 10:02d}:{n % 60:02d} - Ann Lee: {CANARY} {n}\n"
    for n in range(1200)
]
CANDOUR = [sys.executable, "-c", "from pipelines.cli import main; main()"]
FORM = ["--force", "kent", "--contributor", "C-0001", "--me", "Ann Lee",
        "--consent-version", "1.0", "--consent-date", "2026-01-31"]  # fmt: skip


@pytest.fixture(params=["mount", "limit"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path / "disk", mount=request.param == "mount")
    yield disk
    disk.close()


def refused(work: Callable[[], object], disk: SmallDisk) -> None:
    """``work`` ends in a sentence that says what to do and nothing of a chat."""
    with disk.full(), pytest.raises(CandourError) as error:
        work()
    said = str(error.value)
    assert "room" in said or "disk full" in said
    assert str(disk.folder) in said
    assert CANARY not in said


def submit(export: Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CANDOUR, "submit", str(export), *FORM],
        env={"CANDOUR_HOME": str(home), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_export_is_not_half_sealed(disk: SmallDisk, tmp_path: Path) -> None:
    settings = World(disk.folder).settings
    export = tmp_path / "export.txt"
    export.write_text("".join(LONG_CHAT))
    with disk.full():
        done = submit(export, settings.home)
    assert done.returncode == 1
    assert "There is no room left on the disk" in done.stderr
    assert "Traceback" not in done.stderr
    assert CANARY not in done.stderr
    assert not list(settings.inbox.glob("*"))
    assert submit(export, settings.home).returncode == 0
    assert len(pending(settings)) == 1


def stage() -> None:
    for batch in tasks.plan_batches():
        tasks.stage(batch)


def release() -> Path:
    draft = tasks.draft_release(MONTH)
    month = tasks.publish(tasks.audit_release(tasks.gate_release(draft)))
    return Settings().releases / month


def withdraw_elsewhere(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from pipelines import tasks; tasks.withdraw()"],
        cwd=REPOSITORY,
        env={"CANDOUR_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_stage_says_so_and_loses_nothing(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(disk.folder)
    settings = world.settings
    ann = world.hand_over(LONG_CHAT, "Ann Lee", "C-0001")
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    monkeypatch.setenv("CANDOUR_HOME", str(settings.home))
    monkeypatch.setenv("CANDOUR_STAGE_WORKERS", "0")

    refused(stage, disk)
    stage()
    refused(tasks.load, disk)
    assert tasks.load()["rows_loaded"] == len(LONG_CHAT) + len(OTHERS)
    tasks.build_marts()
    refused(release, disk)
    assert published_months(settings) == []
    assert sum_problems(release()) == []
    ask(ann.receipt, settings, load_keys(settings.keys))
    with disk.full():
        done = withdraw_elsewhere(settings.home)
    if done.returncode != -signal.SIGABRT:  # DuckDB's, where a limit stops it within a commit
        assert "There is no room left" in done.stderr
    assert done.returncode != 0
    assert tasks.withdraw() == {"withdrawn": 1}

    assert len(world.read("SELECT row_no FROM core.message")) == len(OTHERS)
    assert published_months(Settings()) == [MONTH]
