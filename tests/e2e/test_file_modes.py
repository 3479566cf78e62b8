"""Whoever starts Candour with a lax umask gets files that are nobody else's all the same.

Both DAGs, really run by ``candour run``; what ``candour up`` writes is in ``test_up.py``, and what
the image does with its umask in ``tests/unit/test_docker.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.demo import submit_collection
from pipelines.settings import REPOSITORY, Approval, Settings
from pipelines.synthetic.generate import generate
from tests.conftest import MONTH

CANDOUR = Path(sys.executable).parent / "candour"


def candour(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CANDOUR, *arguments],
        cwd=REPOSITORY,
        env={
            "CANDOUR_HOME": str(home),
            "CANDOUR_APPROVAL": Approval.NONE.value,
            "PATH": os.environ["PATH"],
        },
        umask=0,
        capture_output=True,
        text=True,
        check=False,
    )


def open_to_others(home: Path) -> dict[str, str]:
    """Whatever under ``home`` its group or anyone may read, write or enter, and its mode."""
    modes = {path: path.lstat() for path in (home, *home.rglob("*")) if not path.is_symlink()}
    return {
        path.relative_to(home).as_posix(): oct(found.st_mode & 0o777)
        for path, found in modes.items()
        if found.st_mode & 0o077
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys made, exports sealed and a month published, all under umask 000."""
    home = tmp_path_factory.mktemp("there") / "home"
    made = candour(home, "keys", "generate")
    assert made.returncode == 0, made.stderr
    return home


def test_keys_generate(home: Path) -> None:
    assert (home / "keys" / "data.key").exists()
    assert open_to_others(home) == {}


def test_run_of_every_stage(home: Path, tmp_path: Path) -> None:
    collection = generate(tmp_path, forces=3, volunteers=12, months=3, end_month=MONTH, seed=7)
    submit_collection(collection, Settings(home=home), Console(stderr=True))
    ran = candour(home, "run", "--month", MONTH)
    assert ran.returncode == 0, ran.stderr[-2000:]
    for made in ("airflow", "staged", "runs", "validation", "warehouse.duckdb"):
        assert (home / made).exists(), made
    assert (home / "releases" / MONTH / "site" / "index.html").exists()
    assert open_to_others(home) == {}
