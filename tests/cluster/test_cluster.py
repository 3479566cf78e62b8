"""A month on two Celery workers, one killed midway: the release that one machine makes.

Everything of `docker/compose.yaml` but the containers really runs (`bench/cluster_world.py`):
PostgreSQL, Redis, and each part of Airflow, with its own secrets. Takes minutes: `make
test-cluster`. All people, places and numbers are invented.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest
from rich.console import Console

from bench.cluster_services import HOST, Part, wait_until
from bench.cluster_world import Cluster, cluster
from bench.faults_world import State, differences, read_state
from pipelines.demo import submit_collection
from pipelines.intake.inbox import pending, sealed_bytes
from pipelines.keys import generate_keys, load_keys
from pipelines.release.ledger import kept_ledger
from pipelines.settings import Settings
from pipelines.staging.shard import find_shards
from pipelines.synthetic.generate import generate
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger

pytestmark = pytest.mark.timeout(1800)  # seconds: whoever is first waits for both runs

MONTH = "2026-10"
FORCES, VOLUNTEERS, MESSAGES = 3, 70, 8  # 210 submissions of about 36 messages each
SEED = 9
BATCHES = 8
SURVIVOR, VICTIM = "worker-1", "worker-2"
STAGING = "pipelines.staging.crew"  # on the command line of a process that stages
ENDS_WITHIN = 1200  # seconds, on a busy machine
SOON = {  # a lost worker's task is missed after five minutes by Airflow's own settings
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",  # seconds
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2",
}
COMPARED = ("releases/", "staged/", "table ")
TIMES: tuple[str, ...] = ()
"""Fields of a release that hold the time it was made. There is none: every byte is compared."""


@dataclass
class Seen:
    """What the run on the cluster left behind, and what was seen on the way."""

    clustered: Settings
    single: Settings
    secrets: list[str]
    private: list[str]
    before: list[dict[str, Any]] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    running: list[dict[str, Any]] = field(default_factory=list)
    tries: list[dict[str, Any]] = field(default_factory=list)
    staged: list[dict[str, Any]] = field(default_factory=list)
    listening: set[str] = field(default_factory=set)
    metadata: str = ""
    left: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("cluster")
    clustered, single = _two_homes(folder)
    (folder / "parts").mkdir()
    size = sum(map(sealed_bytes, pending(clustered)))
    extra = {
        **SOON,
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": "1",
        "CANDOUR_APPROVAL": "none",
        "CANDOUR_BATCH_BYTES": str(size // BATCHES),
        "CANDOUR_STAGE_WORKERS": "1",
    }
    with cluster(clustered, folder / "parts", extra) as made:
        found = Seen(clustered, single, _secrets(made), _private(clustered, folder))
        _run(made, found)
        everything = [process for part in made.everything for process in part.tree()]
    found.left = [str(process) for process in everything if process.is_running()]
    yield found


def _two_homes(folder: Path) -> tuple[Settings, Settings]:
    """One sealed inbox with its keys, twice."""
    clustered, single = Settings(home=folder / "clustered"), Settings(home=folder / "single")
    generate_keys(clustered.keys)
    with TemporaryDirectory() as volunteers:
        made = generate(
            Path(volunteers), forces=FORCES, volunteers=VOLUNTEERS, months=1, end_month=MONTH,
            messages_per_month=MESSAGES, seed=SEED,
        )  # fmt: skip
        submit_collection(made, clustered, Console(quiet=True))
    shutil.copytree(clustered.home, single.home)
    return clustered, single


def _run(made: Cluster, found: Seen) -> None:
    """Intake, with a worker killed on the way, then the month. The one-machine run goes on beside
    it from the kill on, while Airflow waits for the lost task's heartbeat.
    """
    workers = {name: made.start_worker(name) for name in (SURVIVOR, VICTIM)}
    run = made.begin("intake", {})
    victim = workers[VICTIM]
    wait_until(lambda: _midway(made, run, victim), made.everything, ENDS_WITHIN)
    found.before = made.tasks("intake", run)
    found.killed = _kill(made, victim)
    found.running = [task for task in _stages(made, run) if _is(task, "running", VICTIM)]
    alone = _start_alone(found.single)
    made.finish("intake", run, ENDS_WITHIN)
    found.staged = _stages(made, run)
    for task in found.running:
        found.tries += made.tries("intake", run, "stage", task["map_index"])
    month = made.begin("monthly_report", {"month": MONTH})
    made.finish("monthly_report", month, ENDS_WITHIN)
    found.listening = {
        connection.laddr.ip
        for part in made.everything
        for process in part.tree()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    found.metadata = made.metadata()
    said, _ = alone.communicate()
    assert alone.returncode == 0, said[-2000:]


def _midway(made: Cluster, run: str, victim: Part) -> bool:
    """Both workers have staged a batch, another is being staged on the one to be killed, and
    more wait.
    """
    tasks = _stages(made, run)
    done = {task["hostname"] for task in tasks if task["state"] == "success"}
    waiting = [task for task in tasks if task["state"] in ("queued", "scheduled", None)]
    at_work = any(_is(task, "running", VICTIM) for task in tasks)
    return done == {SURVIVOR, VICTIM} and bool(waiting) and at_work and bool(_staging(victim))


def _stages(made: Cluster, run: str) -> list[dict[str, Any]]:
    return [task for task in made.tasks("intake", run) if task["task_id"] == "stage"]


def _is(task: dict[str, Any], state: str, worker: str) -> bool:
    return bool(task["state"] == state and task["hostname"] == worker)


def _staging(part: Part) -> list[psutil.Process]:
    return [process for process in part.tree() if STAGING in _command(process)]


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def _kill(made: Cluster, victim: Part) -> list[str]:
    """SIGKILL to the worker and all it has started, as where its host is lost: what they were."""
    commands = {process.pid: _command(process) for process in victim.tree()}
    killed = victim.kill()
    del made.parts[VICTIM]
    assert not any(process.is_running() for process in killed)
    return [commands.get(process.pid, "") for process in killed]


def _start_alone(settings: Settings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [Path(sys.executable).parent / "candour", "run", "--month", MONTH],
        env={
            "CANDOUR_APPROVAL": "none",
            "CANDOUR_HOME": str(settings.home),
            "PATH": os.environ["PATH"],
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _secrets(made: Cluster) -> list[str]:
    """Every secret of the deployment and of the collection, but the public key."""
    files = [*made.secrets.iterdir(), *made.settings.keys.glob("*.key")]
    return [text for file in files if (text := file.read_text().strip())]


def _private(settings: Settings, folder: Path) -> list[str]:
    """Where things are, and who handed what in."""
    manifests = [json.loads((one / "manifest.json").read_bytes()) for one in pending(settings)]
    people = [manifest[key] for manifest in manifests for key in ("submission_id", "contributor")]
    return [str(folder), *people]


def found_in(text: str, sought: list[str]) -> list[str]:
    return [one for one in sought if one in text]


def differing(one: Path, other: Path) -> list[str]:
    """Names of files that are not in both folders with the same bytes."""
    here, there = (
        {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*")
         if path.is_file()}
        for top in (one, other)
    )  # fmt: skip
    return sorted(name for name in {*here, *there} if here.get(name) != there.get(name))


def test_both_workers_staged_before_one_was_killed(seen: Seen) -> None:
    done = [task for task in seen.before if task["task_id"] == "stage" and task["end_date"]]
    assert {task["hostname"] for task in done} == {SURVIVOR, VICTIM}
    assert len(seen.staged) >= BATCHES


def test_it_was_killed_while_it_staged(seen: Seen) -> None:
    assert len(seen.running) == 1
    assert any(STAGING in command for command in seen.killed)
    assert any("celery" in command for command in seen.killed)


def test_what_it_was_at_was_done_again_by_the_other(seen: Seen) -> None:
    first, *_, last = seen.tries
    assert (first["hostname"], first["try_number"]) == (VICTIM, 1)
    assert (last["hostname"], last["state"]) == (SURVIVOR, "success")
    assert first["state"] != "success"
    assert {task["state"] for task in seen.staged} == {"success"}


def test_the_release_is_that_of_one_machine_byte_for_byte(seen: Seen) -> None:
    clustered, single = seen.clustered.releases / MONTH, seen.single.releases / MONTH
    assert TIMES == ()
    assert differing(clustered, single) == []
    names = {path.name for path in clustered.iterdir()}
    assert names >= {"trends.csv", "habits.csv", "manifest.json", "report.pdf", "site"}
    manifest = json.loads((clustered / "manifest.json").read_bytes())
    assert manifest["cells"]["trends"]["published"] > 0


def test_every_submission_was_staged_once(seen: Seen) -> None:
    submissions = len(pending(seen.clustered))
    assert submissions == FORCES * VOLUNTEERS >= 200
    keys = [shard.submission_key for shard in find_shards(seen.clustered.staged)]
    assert len(keys) == len(set(keys)) == submissions


def test_no_row_is_lost_or_doubled(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    states: list[State] = []
    for settings in (seen.single, seen.clustered):
        monkeypatch.setenv("CANDOUR_HOME", str(settings.home))
        state = read_state()
        states.append({name: state[name] for name in state if name.startswith(COMPARED)})
    assert differences(*states) == []
    assert sum(len(rows) for name, rows in states[0].items() if name == "table core.message") > 0


def test_the_ledger_reconciles(seen: Seen) -> None:
    kept = kept_ledger(MONTH, seen.clustered)
    kept.check()
    key = load_keys(seen.clustered.keys).data
    with open_warehouse(seen.clustered.warehouse, key, read_only=True) as connection:
        stages = read_ledger(connection).with_release(kept.parts()).stages
    assert stages[0].total > 0
    assert [s.name for s in stages if sum(o.count for o in s.outcomes) != s.total] == []


def test_airflow_s_database_holds_no_path_and_no_secret(seen: Seen) -> None:
    for handed_over in ("'stage'", SURVIVOR, VICTIM, f".draft-{MONTH}", "already_staged"):
        assert handed_over in seen.metadata, "this is not what Airflow keeps"
    assert "INSERT INTO public.xcom" in seen.metadata
    assert found_in(seen.metadata, seen.secrets) == []
    assert found_in(seen.metadata, seen.private) == []


def test_one_in_it_would_be_found(seen: Seen) -> None:
    for sought in (*seen.secrets, *seen.private):
        assert found_in(f"{seen.metadata}('{sought}')", [sought]) == [sought]


def test_nothing_listened_beyond_this_machine_and_nothing_is_left(seen: Seen) -> None:
    assert seen.listening == {HOST}
    assert seen.left == []


def test_the_comparison_sees_a_byte_and_a_file(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name / "site").mkdir(parents=True)
        (tmp_path / name / "site" / "index.html").write_text("figures")
    assert differing(tmp_path / "one", tmp_path / "other") == []
    (tmp_path / "other" / "site" / "index.html").write_text("figurez")
    (tmp_path / "one" / "trends.csv").touch()
    assert differing(tmp_path / "one", tmp_path / "other") == ["site/index.html", "trends.csv"]
