"""Kill the pipeline with SIGKILL at random moments of every stage, run it again, and compare.

    python -m bench.faults --by-clock 20 --by-operation 10

A collection is sealed once and goes through every stage undisturbed. Then, again and again, a copy
of it from before a stage goes into that stage and is killed: at a random time of the stage's
measured duration, or before a random one of its file operations. What is left is run again from
intake on, every third time killed once more on the way, to the end. Every table is then compared
row for row, and every file byte for byte, with the undisturbed run; releases are looked at every
few milliseconds. Exits 1 where a row or file was lost or gained, or half a release was visible.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb_engine  # noqa: F401 - imported here so that no child has to
import great_expectations  # noqa: F401
from rich.console import Console

import pipelines.release.audit.run
import pipelines.release.build
import pipelines.report.site
import pipelines.staging.pool
import pipelines.validate.gates  # noqa: F401
from bench.faults_child import Ended, Moment, run_child
from bench.faults_report import Score, report
from bench.faults_world import (
    STAGES,
    ReleaseWatch,
    State,
    differences,
    file_withdrawal,
    prepare,
    read_state,
)
from pipelines.settings import REPOSITORY

REPORT = REPOSITORY / "docs" / "measured-faults.md"
AGAIN = 3  # every third run is killed a second time
TRIES = 10  # a moment may come after the stage has finished: draw another
ENVIRONMENT = {"CANDOUR_APPROVAL": "none", "GX_ANALYTICS_ENABLED": "false"}


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The home before a stage and what is true after it, with what the stage took."""

    before: Path
    after: State
    seconds: float
    operations: int


class Harness:
    """Everything in ``folder``; ``to_the_end`` goes on to the release whatever stage was hit."""

    def __init__(self, folder: Path, rng: random.Random, workers: int, to_the_end: bool) -> None:
        self.folder, self.rng, self.to_the_end = folder, rng, to_the_end
        self.environment = {**ENVIRONMENT, "CANDOUR_STAGE_WORKERS": str(workers)}
        self.undisturbed: dict[str, Undisturbed] = {}

    def run_undisturbed(self) -> None:
        """Every stage once, keeping the home before each."""
        home = self.folder / "undisturbed"
        receipt = self._done(partial(prepare, home), home).result
        for stage, work in STAGES.items():
            if stage == "withdrawal":
                self._done(partial(file_withdrawal, receipt), home)
            before = self.folder / f"before-{stage}"
            shutil.copytree(home, before)
            ended = self._done(work, home)
            after = self._done(read_state, home).result
            self.undisturbed[stage] = Undisturbed(before, after, ended.seconds, ended.operations)

    def score(self, stage: str, by_clock: int, by_operation: int) -> Score:
        """Kill a stage that often by each way of choosing a moment."""
        score = Score(self.undisturbed[stage].seconds, self.undisturbed[stage].operations)
        for moment in self._moments(stage, by_clock, by_operation):
            self._kill(stage, moment, score)
        return score

    def _moments(self, stage: str, by_clock: int, by_operation: int) -> Iterator[Moment]:
        """Spread over the stage: one at random in each of as many equal parts of it."""
        took = self.undisturbed[stage]
        for number in range(by_clock):
            part = took.seconds / by_clock
            yield Moment(seconds=(number + self.rng.random()) * part)
        for number in range(by_operation):
            part = took.operations / by_operation
            yield Moment(operation=1 + int((number + self.rng.random()) * part))

    def _kill(self, stage: str, moment: Moment, score: Score) -> None:
        home = self.folder / "killed"
        target = self._target(stage)
        watch = ReleaseWatch(home, self.undisturbed[target].after)
        for _ in range(TRIES):
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(self.undisturbed[stage].before, home)
            ended = self._run(STAGES[stage], home, moment, watch.look)
            if ended.killed or ended.error:
                break
            if moment.seconds is not None:
                moment = Moment(seconds=moment.seconds * self.rng.random())
        if ended.killed:
            score.by_clock += moment.seconds is not None
            score.by_operation += moment.operation is not None
        problems = [ended.error] if ended.error else self._finish(stage, home, watch, score)
        score.problems += [f"{stage}, {moment}: {said}" for said in problems]

    def _finish(self, stage: str, home: Path, watch: ReleaseWatch, score: Score) -> list[str]:
        """Run it again, and say what is not as it would have been."""
        target = self._target(stage)
        names = ["withdrawal"] if stage == "withdrawal" else list(STAGES)
        names = names[: names.index(target) + 1]
        watch.look(again=True)
        if score.kills % AGAIN == 0:
            moment = Moment(seconds=self.rng.random() * self.undisturbed[stage].seconds)
            again = self._run(STAGES[stage], home, moment, watch.look)
            score.killed_again += again.killed
        for name in names:
            ended = self._run(STAGES[name], home, None, watch.look)
            if ended.error:
                return [ended.error]
        watch.look(again=True)
        found = self._done(read_state, home).result
        return [*differences(self.undisturbed[target].after, found), *watch.problems]

    def _target(self, stage: str) -> str:
        """The stage after which to compare."""
        return "release" if self.to_the_end and stage != "withdrawal" else stage

    def _done(self, work: Callable[[], object], home: Path) -> Ended:
        ended = self._run(work, home, None, lambda: None)
        if ended.error:
            raise RuntimeError(ended.error)
        return ended

    def _run(
        self,
        work: Callable[[], object],
        home: Path,
        moment: Moment | None,
        look: Callable[[], None],
    ) -> Ended:
        return run_child(work, home, {**self.environment, "CANDOUR_HOME": str(home)}, moment, look)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--by-clock", type=int, default=20, help="kills of each stage by the clock")
    parser.add_argument(
        "--by-operation", type=int, default=10, help="kills of each stage at a file operation"
    )
    parser.add_argument("--stages", nargs="+", choices=list(STAGES), default=list(STAGES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--workers", type=int, default=0, help="processes that stage, besides its own"
    )
    parser.add_argument(
        "--sample", action="store_true", help="go no further than the stage that was hit"
    )
    parser.add_argument("--write", action="store_true", help=f"write docs/{REPORT.name}")
    options = parser.parse_args()
    screen = Console(width=110)
    scores: dict[str, Score] = {}
    with tempfile.TemporaryDirectory() as folder:
        rng = random.Random(options.seed)
        harness = Harness(Path(folder), rng, options.workers, not options.sample)
        harness.run_undisturbed()
        for stage in options.stages:
            scores[stage] = harness.score(stage, options.by_clock, options.by_operation)
            screen.print(f"{stage}: {scores[stage].kills} kills", style="dim")
    lines = "\n".join(report(scores)) + "\n"
    screen.print(lines, highlight=False, markup=False, soft_wrap=True)
    if options.write:
        REPORT.write_text(lines, encoding="utf-8")
    problems = [said for score in scores.values() for said in score.problems]
    for said in problems:
        screen.print(said, highlight=False, markup=False, soft_wrap=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
