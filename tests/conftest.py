"""Fixtures shared by every kind of test. The expensive one is a whole run, made once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from rich.console import Console
from xdist.scheduler import LoadScopeScheduling

from pipelines.settings import REPOSITORY, Settings
from pipelines.synthetic.generate import Collection

MONTH = "2026-10"
JANUARY = "2026-01"
CANARIES = 550  # fifty of each type


hypothesis_settings.register_profile("suite", deadline=None)  # a machine may be busy
hypothesis_settings.load_profile("suite")

SHARED = ("finished_run", "site_release", "private_release")
"""Fixtures that take so long that whatever needs one runs in one worker, which makes it once."""


class Together(LoadScopeScheduling):
    """Keeps a file's tests in one worker, and with them those of files that share a fixture."""

    def _split_scope(self, nodeid: str) -> str:
        file = REPOSITORY / nodeid.split("::")[0]
        return _group(file)


@cache
def _group(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    return next((name for name in SHARED if f"{name}:" in text), file.name)


@pytest.hookimpl(optionalhook=True)  # where there is no xdist, nobody asks
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """The tests' own way to spread over workers."""
    return Together(config, log)


@pytest.fixture(scope="session", autouse=True)
def nobody_approves() -> Iterator[None]:
    """Releases are published at once, except in the tests about approval."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANDOUR_APPROVAL", "none")
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A collection that has nothing yet."""
    return Settings(home=tmp_path)


@pytest.fixture(scope="session")
def january_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``month_of_chats``'s January: published, and once more as the draft it was before."""
    from pipelines.release.publish import publish
    from tests.marts import make_marts
    from tests.releases import audited, month_of_chats

    home = tmp_path_factory.mktemp("january")
    settings = Settings(home=home / "published")
    draft = audited(make_marts(month_of_chats(JANUARY)), JANUARY, settings)
    shutil.copytree(settings.home, home / "drafted")
    publish(draft, settings)
    return home


@pytest.fixture
def january(january_home: Path, settings: Settings) -> Path:
    """That release in a home of its own, which a test may change."""
    shutil.copytree(january_home / "published", settings.home, dirs_exist_ok=True)
    return settings.releases / JANUARY


@pytest.fixture
def january_draft(january_home: Path, settings: Settings) -> Path:
    """Its draft, audited and not published."""
    shutil.copytree(january_home / "drafted", settings.home, dirs_exist_ok=True)
    (draft,) = settings.releases.iterdir()
    return draft


@pytest.fixture(scope="session")
def private_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private release with its site and report, which no test changes."""
    from tests.private_world import make_private_release

    return make_private_release(tmp_path_factory.mktemp("private"))


@dataclass(frozen=True)
class FinishedRun:
    """A small synthetic collection that went through both DAGs, and not smoothly.

    ``staged_when_killed`` shards were written when a first attempt to stage was killed, and
    ``quarantined`` submissions came back from quarantine.
    """

    settings: Settings
    site: Path
    screen: str
    collection: Collection
    temp: Path
    staged_when_killed: int
    quarantined: int

    def plain_exports(self) -> bytes:
        """Every export as the volunteers hold it, zipped ones unpacked."""
        paths = [entry.path for entry in self.collection.submissions]
        return b"".join(_chat_bytes(path) for path in paths)


def _chat_bytes(path: Path) -> bytes:
    if path.suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read("_chat.txt")


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinishedRun]:
    """Both DAGs, really run, over three forces of twelve volunteers; temp files kept apart.

    First a stage is killed, then a run finds one export and one shard damaged and stops.
    """
    from pipelines.demo import submit_collection
    from pipelines.intake.inbox import pending, requeue
    from pipelines.intake.source import EXPORT
    from pipelines.keys import generate_keys
    from pipelines.synthetic.generate import generate

    temp = tmp_path_factory.mktemp("temp")
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    outside = tmp_path_factory.mktemp("volunteers")
    collection = generate(
        outside, forces=3, volunteers=12, months=3, end_month=MONTH, seed=7, canaries=CANARIES
    )
    screen = Console(file=StringIO(), width=120)
    generate_keys(settings.keys)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temp))
        submit_collection(collection, settings, screen)
    killed_at = _kill_while_staging(settings, temp)
    damaged = pending(settings)[-1]
    sealed = _flip(damaged / EXPORT)
    shard = sorted(settings.staged.glob("*.parquet"))[0]
    whole = _flip(shard)
    stopped = run_both_dags(settings, temp)
    assert stopped.stderr.count("GateError: The staged gate stopped the run") == 1
    shard.write_bytes(whole)
    (settings.quarantine / damaged.name / EXPORT).write_bytes(sealed)
    quarantined = len(requeue(settings))
    done = run_both_dags(settings, temp)
    assert done.returncode == 0, done.stderr[-2000:]
    site = Path(done.stdout.splitlines()[-1])
    seen = "".join((screen.file.getvalue(), *(run.stdout + run.stderr for run in (stopped, done))))
    yield FinishedRun(settings, site, seen, collection, temp, killed_at, quarantined)


RUN = """
import sys
from rich.console import Console
from pipelines.demo import run_pipeline
from pipelines.settings import Settings
print(run_pipeline(Settings(), Console(width=120), sys.argv[1]), flush=True)
"""


def run_both_dags(settings: Settings, temp: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own: Airflow keeps to the first home that a process gave it."""
    return subprocess.run(
        [sys.executable, "-c", RUN, MONTH],
        cwd=temp,
        env=os.environ
        | {
            "CANDOUR_HOME": str(settings.home),
            "PYTHONPATH": str(REPOSITORY),
            "TMPDIR": str(temp),
        },
        capture_output=True,
        text=True,
        check=False,
    )


STAGE = """
from pipelines import tasks
for batch in tasks.plan_batches():
    tasks.stage(batch)
"""


def _kill_while_staging(settings: Settings, folder: Path) -> int:
    """Stage in another process and kill it, with SIGKILL, once something is staged. How much is."""
    stage = subprocess.Popen(
        [sys.executable, "-c", STAGE],
        cwd=folder,
        env={
            "CANDOUR_HOME": str(settings.home),
            "CANDOUR_STAGE_WORKERS": "0",
            "PYTHONPATH": str(REPOSITORY),
            "TMPDIR": str(folder),
            "PATH": "/usr/bin:/bin",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not list(settings.staged.glob("*.json")) and stage.poll() is None:
        time.sleep(0.01)
    stage.kill()
    stage.wait()
    return len(list(settings.staged.glob("*.json")))


def _flip(path: Path) -> bytes:
    """Flip a bit in the middle of a file; its bytes before."""
    content = path.read_bytes()
    at = len(content) // 2
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    return content
