"""``make bench-whole``: from sealed inbox to dashboard, through Airflow, 10⁴ to 10⁶ messages.

Each size is an invented collection of one month, sealed as volunteers' exports are, then what
``candour run`` does, in a process of its own: the DAG ``intake``, the DAG ``monthly_report``, the
release published with its site and PDFs. A task's seconds reach from its start to the next one's,
so Airflow's own time between tasks is in them. Memory is what the largest single process held in
RAM (resident), looked at five times a second; shared pages count in each.

``--profile`` stages in one process under Python's profiler instead and prints where time goes.

    python -m bench.end_to_end [--messages N …] [--write]
    python -m bench.end_to_end --profile [--messages N]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from rich.console import Console

from bench.page import write_between
from pipelines.settings import REPOSITORY, Approval, Settings

PAGE = REPOSITORY / "docs" / "measured-whole.md"
SIZES = (10_000, 100_000, 1_000_000)
MONTH = "2026-10"
SEED = 9
FORCES = 43
FEWEST_VOLUNTEERS = 3  # of a force: a chat needs that many
MESSAGES = 130  # written in the collection for each volunteer, others' messages in chats included
LOOK_EVERY = 0.2  # seconds
LOG_SHOWN = 4_000  # characters of its end, where a run fails
HEAD = """| messages | exports | stage | s | largest process, MB |
|---:|---:|---|---:|---:|"""


@dataclass(slots=True)
class Cost:
    """What one stage took: seconds on the clock, and megabytes of the largest process."""

    seconds: float = 0.0
    peak_mb: int = 0


@dataclass(slots=True)
class Measured:
    """One size. ``messages`` is how many the collection has; ``staged`` how many rows came of
    them; ``stages`` are in order of time, by name."""

    messages: int
    exports: int
    staged: int = 0
    stages: dict[str, Cost] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return sum(cost.seconds for cost in self.stages.values())

    @property
    def peak_mb(self) -> int:
        return max(cost.peak_mb for cost in self.stages.values())


def make_collection(home: Path, messages: int) -> tuple[int, int]:
    """Seals an invented collection of about ``messages``; how many it has, in how many exports."""
    from pipelines.demo import submit_collection
    from pipelines.keys import generate_keys
    from pipelines.synthetic.generate import generate

    settings = _settings(home)
    forces = min(FORCES, max(3, messages // (MESSAGES * 30)))
    volunteers = max(FEWEST_VOLUNTEERS, round(messages / MESSAGES / forces))
    with TemporaryDirectory(dir=home.parent) as folder:
        made = generate(
            Path(folder), forces=forces, volunteers=volunteers, months=1, end_month=MONTH,
            seed=SEED,
        )  # fmt: skip
        generate_keys(settings.keys)
        submit_collection(made, settings, Console(stderr=True))
        return made.n_messages, len(made.submissions)


def run(home: Path) -> None:
    """The child: both DAGs; a line of JSON for each task that starts, and one at the end."""
    from pipelines import orchestrate

    settings = _settings(home)
    started = time.perf_counter()

    def say(task: str) -> None:
        name = task.split(" [")[0]  # a mapped task's batches are one stage
        print(json.dumps({"task": name, "at": time.perf_counter() - started}), flush=True)

    say("start Airflow")
    for dag, conf in (("intake", {}), ("monthly_report", {"month": MONTH})):
        orchestrate.run_dag(dag, settings, say, conf)
    say("end")


def watch(home: Path) -> dict[str, Cost]:
    """Runs the child and follows it; what each stage took."""
    command = [sys.executable, "-m", "bench.end_to_end", "--run", str(home)]
    with (
        (home.parent / "run.log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=REPOSITORY) as child,
    ):
        stages = _follow(child)
    if child.returncode:
        said = (home.parent / "run.log").read_text(encoding="utf-8", errors="replace")[-LOG_SHOWN:]
        raise SystemExit(f"{said}\nThe run ended with {child.returncode} after {list(stages)}.")
    return stages


def _follow(child: subprocess.Popen[bytes]) -> dict[str, Cost]:
    assert child.stdout is not None
    os.set_blocking(child.stdout.fileno(), False)
    stages: dict[str, Cost] = {}
    current, since, pending = "import", 0.0, b""
    while True:
        pending += child.stdout.read() or b""
        *lines, pending = pending.split(b"\n")
        for task, at in _tasks(lines):
            stages.setdefault(current, Cost()).seconds += at - since
            current, since = task, at
        if child.poll() is not None and not lines:
            stages.pop("import", None)
            return stages
        cost = stages.setdefault(current, Cost())
        cost.peak_mb = max(cost.peak_mb, _largest_mb(child.pid))
        time.sleep(LOOK_EVERY)


def _tasks(lines: Sequence[bytes]) -> Iterator[tuple[str, float]]:
    for line in lines:
        if line.startswith(b'{"task"'):
            told = json.loads(line)
            yield told["task"], told["at"]


def _largest_mb(pid: int) -> int:
    """Megabytes resident in the largest of a process and its descendants."""
    most = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            most = max(most, process.memory_info().rss)
    except psutil.NoSuchProcess:
        pass
    return most >> 20


def measure(messages: int) -> Measured:
    """One size, on a home of its own that is removed afterwards."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        measured = Measured(*make_collection(home, messages))
        measured.stages = watch(home)
        measured.staged = _staged_rows(_settings(home))
    return measured


def _staged_rows(settings: Settings) -> int:
    from pipelines.staging.shard import find_shards

    return sum(shard.counts.staged for shard in find_shards(settings.staged))


def rows(measured: Measured) -> Iterator[str]:
    """Table rows of one size: each stage, then the whole."""
    first = f"| {measured.messages:,} | {measured.exports:,} |"
    for name, cost in measured.stages.items():
        if cost.seconds:
            yield f"{first} {name} | {cost.seconds:.1f} | {cost.peak_mb:,} |"
    rate = measured.messages / measured.seconds
    yield (
        f"{first} **all** ({measured.staged:,} rows staged; {rate:,.0f} messages/s) | "
        f"**{measured.seconds:.1f}** | **{measured.peak_mb:,}** |"
    )


def profile(messages: int) -> None:
    """Where staging's time goes, in one process: what Python's profiler saw most of."""
    import cProfile
    import pstats

    from pipelines.intake.inbox import pending
    from pipelines.staging.pool import stage_batch

    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        make_collection(home, messages)
        settings = _settings(home).model_copy(update={"stage_workers": 0})
        profiler = cProfile.Profile()
        profiler.runcall(stage_batch, pending(settings), settings)
    for order in ("cumulative", "tottime"):
        pstats.Stats(profiler).strip_dirs().sort_stats(order).print_stats(30)


def _settings(home: Path) -> Settings:
    os.environ["CANDOUR_APPROVAL"] = Approval.NONE.value
    return Settings(home=home, approval=Approval.NONE)


def main() -> None:
    arguments = _arguments()
    if arguments.run:
        return run(arguments.run)
    if arguments.profile:
        return profile(arguments.messages[0] if arguments.messages else SIZES[0])
    lines, before = [HEAD], os.getloadavg()[0]
    for messages in arguments.messages or SIZES:
        for line in rows(measure(messages)):
            lines.append(line)
            print(line, flush=True)
    if arguments.write:
        load = f"load average {before:.1f} before and {os.getloadavg()[0]:.1f} after"
        write_between(PAGE, "measured", "\n".join([*lines, "", f"{os.cpu_count()} cores; {load}."]))
    return None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="end_to_end")
    parser.add_argument(
        "--messages", type=int, nargs="+", help="sizes; 10⁴, 10⁵ and 10⁶ unless said"
    )
    parser.add_argument("--write", action="store_true", help="write docs/measured-whole.md")
    parser.add_argument("--profile", action="store_true", help="where staging's time goes")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
