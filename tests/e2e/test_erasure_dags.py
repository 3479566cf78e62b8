"""The `withdrawal` and `retention` DAGs, really run, in a process and a home of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.erasure.certificate import numbered
from pipelines.erasure.withdraw import ask
from pipelines.settings import REPOSITORY, Settings
from tests.erasure_world import ANNS, OTHERS, World, files_with

RUN = """
import sys
from pipelines.orchestrate import run_dag
from pipelines.settings import Settings
for dag in sys.argv[1:]:
    run_dag(dag, Settings(), print)
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def run(settings: Settings, *dags: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, *dags],
        cwd=REPOSITORY,
        env={"CANDOUR_HOME": str(settings.home), "PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_what_was_asked_for_is_erased_and_what_is_old_is_dropped(world: World) -> None:
    settings = world.settings
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.load()
    codes = set().union(*world.codes(ann).values())
    ask(ann.receipt, settings, world.keys)

    run(settings, "withdrawal", "retention", CANDOUR_TEXT_RETENTION_DAYS="0")

    assert len(numbered(settings)) == 1
    assert world.read("SELECT text FROM core.message") == [(None,)] * len(OTHERS)
    said = [ann.receipt.encode(), ann.submission_id.encode()]
    files = [p.read_bytes() for p in settings.home.rglob("*") if p.is_file()]
    assert any(b"SQLite format" in content for content in files)  # Airflow's own database
    assert [text for text in said for content in files if text in content] == []
    assert files_with(settings.home, codes) == []
