"""A withdrawal killed with SIGKILL at any step is finished by the next one, as if undisturbed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.erasure.certificate import numbered
from pipelines.erasure.withdraw import withdraw
from pipelines.errors import CallerError
from pipelines.settings import REPOSITORY, Settings
from pipelines.warehouse.connect import open_warehouse
from tests.erasure_world import ANNS, OTHERS, TEAM, TODAY, Handed, World, files_with
from tests.warehouse_world import everything

KILLER = """
import importlib, os, signal, sys
module, name, when = sys.argv[1].split(":")
place = importlib.import_module(module)
real = getattr(place, name)
def wrapped(*args, **kwargs):
    if when == "after":
        real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(place, name, wrapped)
from pipelines.cli import main
sys.argv = ["candour", "withdraw", sys.argv[2]]
main()
"""

MOMENTS = [
    "pipelines.erasure.request:save_request:after",
    "pipelines.erasure.files:remove_folder:before",
    "pipelines.erasure.files:sync_folder:before",  # export gone, shards not
    "pipelines.erasure.withdraw:remove_files:after",
    "pipelines.warehouse.load:resolve_overlap:before",  # in the transaction
    "pipelines.erasure.rows:build_marts:before",
    "pipelines.erasure.rows:compact:before",
    "pipelines.warehouse.compact:_copy:after",
    "pipelines.warehouse.compact:_sync:after",  # the copy is whole, not yet in place
    "pipelines.erasure.rows:compact:after",
    "pipelines.erasure.unpublished:discard:after",
    "pipelines.erasure.withdraw:prove_gone:before",
    "pipelines.erasure.certificate:write_durably:after",
    "pipelines.erasure.withdraw:close_request:before",
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Handed, set[bytes]]:
    """Everything is loaded, a month waits for approval, and a second shard version lies about."""
    world = World(tmp_path_factory.mktemp("prepared"))
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(TEAM, "Bob Ray", "C-0002")
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.load()
    waiting = world.settings.pending / "2026-10"
    waiting.mkdir(parents=True)
    (waiting / "trends.csv").write_text("figures")
    ledgers = world.settings.home / "ledgers"
    ledgers.mkdir()
    (ledgers / "release-2026-10.json").write_text("{}")
    return world, ann, set().union(*world.codes(ann).values())


def copy_of(world: World, folder: Path) -> Settings:
    shutil.copytree(world.settings.home, folder / "home")
    return Settings(home=folder / "home")


def state(settings: Settings, world: World) -> tuple[Any, ...]:
    """Every row, and every file by name."""
    with open_warehouse(settings.warehouse, world.keys.data, read_only=True) as connection:
        rows = everything(connection)
    names = sorted(p.relative_to(settings.home).as_posix() for p in settings.home.rglob("*"))
    return rows, names


@pytest.fixture(scope="module")
def undisturbed(
    prepared: tuple[World, Handed, set[bytes]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    world, ann, _ = prepared
    settings = copy_of(world, tmp_path_factory.mktemp("undisturbed"))
    certificate = withdraw(ann.receipt, settings, world.keys, TODAY)
    return state(settings, world), certificate


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_and_run_again(
    moment: str,
    prepared: tuple[World, Handed, set[bytes]],
    undisturbed: tuple[tuple[Any, ...], dict[str, Any]],
    tmp_path: Path,
) -> None:
    world, ann, codes = prepared
    settings = copy_of(world, tmp_path)
    killed = subprocess.run(
        [sys.executable, "-c", KILLER, moment, ann.receipt],
        cwd=REPOSITORY,
        env={"CANDOUR_HOME": str(settings.home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-500:]

    certificate = withdraw(ann.receipt, settings, world.keys, TODAY)

    expected, its_certificate = undisturbed
    assert state(settings, world) == expected
    vary = ("id", "erased_on", "files_searched")
    assert {k: v for k, v in certificate.items() if k not in vary} == {
        k: v for k, v in its_certificate.items() if k not in vary
    }
    assert len(numbered(settings)) == 1
    assert files_with(settings.home, codes) == []
    with pytest.raises(CallerError):
        withdraw(ann.receipt, settings, world.keys, TODAY)
