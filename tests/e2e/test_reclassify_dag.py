"""`candour reclassify`, really run: texts kept are classified anew, and published months stay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import REPOSITORY
from tests.erasure_world import ANNS, World
from tests.warehouse_world import VERSIONS

CANDOUR = Path(sys.executable).parent / "candour"


def test_the_dag_goes_from_an_outdated_warehouse_to_one_that_its_gate_lets_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    handed = world.hand_over(ANNS, "Ann Lee", "C-0001")
    with monkeypatch.context() as patch:
        patch.setattr("tests.erasure_world.VERSIONS", VERSIONS | {"classifier": "of-yesterday"})
        world.load()
    (world.settings.inbox / handed.submission_id / "manifest.json").unlink()  # its time was up
    world.settings.releases.mkdir()
    published = world.settings.releases / "2026-09"
    published.write_text("as it was")
    texts = "SELECT row_no, text FROM core.message"
    before = world.read(texts)
    assert world.read("SELECT DISTINCT risks['OPS'] FROM core.message") == [(0.125,)]
    done = subprocess.run(
        [CANDOUR, "reclassify"],
        cwd=REPOSITORY,
        env={"CANDOUR_HOME": str(world.settings.home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert world.read(texts) == before
    assert (0.125,) not in world.read("SELECT DISTINCT risks['OPS'] FROM core.message")
    assert world.read("SELECT model_versions FROM core.submission") == [(VERSIONS,)]
    assert published.read_text() == "as it was"
