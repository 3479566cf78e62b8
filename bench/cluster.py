"""``make bench-cluster``: a month on one Celery worker and on two, and what Airflow costs of it.

One invented collection, sealed once, goes through ``intake`` and ``monthly_report`` on everything
that ``docker/compose.yaml`` describes (``bench.cluster_world``): first with one worker, then, from
a copy, with two. Each worker does one task at a time, in one staging process. What a task takes
beside its own function is *overhead*: from when it could have begun (what it waits for and what its
worker did before have both ended) to its end, less the function's own seconds, as an Airflow
listener noted them (``bench/cluster_plugin``).

    python -m bench.cluster [--messages N] [--write]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from bench.cluster_world import Cluster, cluster
from bench.end_to_end import MONTH, make_collection
from bench.page import write_between
from pipelines.intake.inbox import pending, sealed_bytes
from pipelines.settings import REPOSITORY, Settings

PAGE = REPOSITORY / "docs" / "measured-cluster.md"
PLUGINS = REPOSITORY / "bench" / "cluster_plugin"
MESSAGES = 50_000
BATCHES = 8  # smaller than a deployment's, so that there are enough for two workers to share
WITHIN = 3600  # seconds; then something hangs
MILLION, MONTHLY = 1_000_000, 30_000_000  # messages
NIGHT = 8  # hours
RUNS_A_MONTH = 30 * 48  # intake, every half hour
STAGE = "stage"
LOAD = """
import time
began = time.perf_counter()
from pipelines.staging.stage import Tools
Tools.load()
print(time.perf_counter() - began)
"""
COLUMNS = (
    "workers", "messages", "submissions", "tasks", "from sealed to published, s", "messages/s",
    "of it staging, s", "messages/s", "overhead of a task, s", "overhead, share",
)  # fmt: skip
HEAD = f"| {' | '.join(COLUMNS)} |\n|{'---:|' * len(COLUMNS)}"


@dataclass(frozen=True, slots=True)
class Task:
    """One that ran. Seconds since 1970; ``work`` is how many its own function took."""

    name: str
    worker: str
    start: float
    end: float
    work: float


@dataclass(frozen=True, slots=True)
class Collected:
    """The collection: counts, and the sealed bytes of it."""

    messages: int
    submissions: int
    sealed: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with so many workers: ``seconds`` of both DAG runs, and each run's tasks."""

    workers: int
    seconds: float
    runs: tuple[tuple[Task, ...], ...]

    @property
    def tasks(self) -> list[Task]:
        return [task for run in self.runs for task in run]

    @property
    def staging(self) -> float:
        """Seconds from the first batch's start to the last one's end."""
        stages = [task for task in self.tasks if task.name == STAGE]
        return max(task.end for task in stages) - min(task.start for task in stages)

    @property
    def overheads(self) -> list[float]:
        """Of each task, in seconds."""
        return [task.end - ready - task.work for run in self.runs for task, ready in readied(run)]

    @property
    def share(self) -> float:
        """Overhead, of all the time that tasks took on workers."""
        total = sum(self.overheads)
        return total / (total + sum(task.work for task in self.tasks))


def readied(run: Sequence[Task]) -> Iterator[tuple[Task, float]]:
    """Each task but the first of a run, with when it could have begun. A DAG's tasks stand in a
    row, but for the batches of one, which stand side by side.
    """
    in_order = sorted(run, key=lambda task: task.start)
    for task in in_order:
        before = [
            other.end
            for other in in_order
            if other.end <= task.start and (other.name != task.name or other.worker == task.worker)
        ]
        if before:
            yield task, max(before)


def measure(sealed: Path, folder: Path, workers: int, batch_bytes: int) -> Measured:
    """Both DAGs over a copy of the sealed collection."""
    home, clock = folder / "home", folder / "clock"
    shutil.copytree(sealed, home)
    clock.touch()
    extra = {
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": "1",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PLUGINS),
        "CANDOUR_APPROVAL": "none",
        "CANDOUR_BATCH_BYTES": str(batch_bytes),
        "CANDOUR_STAGE_WORKERS": "1",
        "CLUSTER_CLOCK": str(clock),
    }
    (folder / "parts").mkdir()
    seconds, runs = 0.0, []
    with cluster(Settings(home=home), folder / "parts", extra) as made:
        for number in range(workers):
            made.start_worker(f"worker-{number + 1}")
        for dag, conf in (("intake", {}), ("monthly_report", {"month": MONTH})):
            run = made.begin(dag, conf)
            made.finish(dag, run, WITHIN)
            seconds += _took(made, dag, run)
            runs.append(_tasks(made, dag, run, _clocked(clock)))
    return Measured(workers, seconds, tuple(runs))


def _took(made: Cluster, dag: str, run: str) -> float:
    told = made.ask("GET", f"dags/{dag}/dagRuns/{run}")
    return _at(told["end_date"]) - _at(told["queued_at"])


def _tasks(made: Cluster, dag: str, run: str, work: dict[str, float]) -> tuple[Task, ...]:
    return tuple(
        Task(told["task_id"], told["hostname"], _at(told["start_date"]), _at(told["end_date"]),
             work[f"{dag} {run} {told['task_id']} {told['map_index']}"])
        for told in made.tasks(dag, run)
    )  # fmt: skip


def _clocked(clock: Path) -> dict[str, float]:
    """Seconds that each task's function took, by its key."""
    began: dict[str, float] = {}
    took: dict[str, float] = {}
    for line in clock.read_text().splitlines():
        told: dict[str, Any] = json.loads(line)
        if told["what"] == "begins":
            began[told["key"]] = told["at"]
        else:
            took[told["key"]] = told["at"] - began[told["key"]]
    return took


def _at(when: str) -> float:
    return datetime.fromisoformat(when).timestamp()


def seconds_to_load() -> float:
    """What a staging process takes until it has loaded its models: once a batch."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def row(measured: Measured, of: Collected) -> str:
    return (
        f"| {measured.workers} | {of.messages:,} | {of.submissions:,} | {len(measured.tasks)} | "
        f"{measured.seconds:.1f} | {of.messages / measured.seconds:,.0f} | "
        f"{measured.staging:.1f} | {of.messages / measured.staging:,.0f} | "
        f"{mean(measured.overheads):.2f} | {measured.share:.0%} |"
    )


def told(one: Measured, two: Measured, of: Collected, load: float) -> list[str]:
    """What follows from the rates: of a full batch, of a million messages, of 30 million a month.

    With one worker nothing else competes for its core, so its rates are the ones used.
    """
    stages = [task for task in one.tasks if task.name == STAGE]
    a_message = (sum(task.work for task in stages) - load * len(stages)) / of.messages
    if a_message <= 0:
        raise SystemExit("The machine was too busy, or the collection too small: measure again.")
    a_task = mean(one.overheads)
    batch_bytes = Settings().batch_bytes
    in_batch = batch_bytes * of.messages / of.sealed
    batch = load + in_batch * a_message
    others = [task for task in one.tasks if task.name != STAGE]
    batches = ceil(MILLION / in_batch)
    work = batches * load + MILLION * a_message + sum(task.work for task in others)
    overhead = a_task * (batches + len(others))
    hours = MONTHLY * (a_message + (load + a_task) / in_batch) / 3600
    run = MONTHLY / RUNS_A_MONTH
    each = run * a_message + load + sum(t.work for t in one.runs[0] if t.name != STAGE)
    each += a_task * len({task.name for task in one.runs[0]})
    return [
        f"Two workers stage {one.staging / two.staging:.2f} times as fast as one, and the whole is "
        f"{one.seconds / two.seconds:.2f} times as fast.",
        "",
        f"**A full batch.** A message is {of.sealed / of.messages:.0f} sealed bytes, takes "
        f"{a_message * 1000:.2f} ms on one core, and a staging process {load:.1f} s to load. So a "
        f"batch of {batch_bytes:,} bytes is {in_batch:,.0f} messages and takes {batch:.0f} s in "
        f"one staging process, {load + in_batch * a_message / 2:.0f} s in two; "
        f"{(60 - load) / a_message * of.sealed / of.messages:,.0f} bytes would be a minute in one, "
        f"{2 * (60 - load) / a_message * of.sealed / of.messages:,.0f} in two.",
        "",
        f"**A million messages** are {batches} batches and {len(others)} other tasks: "
        f"{overhead:.0f} s of overhead beside {work:,.0f} s of work, "
        f"**{overhead / (overhead + work):.1%}** (asked for: under 15%).",
        "",
        f"**30 million messages a month** are {hours:.0f} hours of staging on one core, the "
        f"batches' overhead included: one worker with one core, busy {hours / (30 * 24):.0%} of "
        f"the month, keeps up where chats arrive evenly. A run each half hour then has "
        f"{run:,.0f} messages and takes one worker {each / 60:.1f} minutes. All at once within "
        f"a night of {NIGHT} hours takes {ceil(hours / NIGHT)} such workers. Load, marts and "
        "gates go through one writer and do not get faster with workers: "
        "[their seconds](measured-warehouse.md).",
    ]


def main() -> None:
    arguments = _arguments()
    before = os.getloadavg()[0]
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sealed = folder / "sealed"
        sealed.mkdir()
        messages, submissions = make_collection(sealed, arguments.messages)
        size = sum(map(sealed_bytes, pending(Settings(home=sealed))))
        of = Collected(messages, submissions, size)
        load = seconds_to_load()
        lines, measured = [HEAD], []
        for workers in (1, 2):
            (folder / str(workers)).mkdir()
            measured.append(measure(sealed, folder / str(workers), workers, size // BATCHES))
            lines.append(row(measured[-1], of))
            print(lines[-1], flush=True)
    lines += ["", *told(*measured, of, load), ""]
    lines.append(
        f"{os.cpu_count()} cores, which PostgreSQL, Redis, Airflow and the workers share; load "
        f"average {before:.1f} before."
    )
    print("\n".join(lines[len(measured) + 1 :]))
    if arguments.write:
        write_between(PAGE, "measured", "\n".join(lines))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, prog="cluster", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--messages",
        type=int,
        default=MESSAGES,
        help=f"in the collection; {MESSAGES:,} if not said",
    )
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    return parser.parse_args()


if __name__ == "__main__":
    main()
