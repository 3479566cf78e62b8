"""What came of the kills of ``bench.faults``, as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bench.faults_world import VARIES

INTRODUCTION = (
    "# Killed at random",
    "",
    "`make faults` seals a small collection, kills the pipeline with SIGKILL at random moments of "
    "every stage, runs it again and compares every table row for row and every file byte for byte "
    "with a run that nothing disturbed (`bench/faults.py` says how). A release that anybody can "
    "see is checked every few milliseconds: it must be whole and final.",
    "",
)


@dataclass(slots=True)
class Score:
    """What came of a stage's kills."""

    seconds: float
    operations: int
    by_clock: int = 0
    by_operation: int = 0
    killed_again: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return self.by_clock + self.by_operation


def report(scores: Mapping[str, Score]) -> Iterator[str]:
    """Lines of Markdown."""
    yield from INTRODUCTION
    yield (
        "| stage | takes | file operations | killed by the clock | killed at an operation "
        "| killed again on the way | came out otherwise |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for stage, score in scores.items():
        yield (
            f"| {stage} | {score.seconds:.1f} s | {score.operations} | {score.by_clock} "
            f"| {score.by_operation} | {score.killed_again} | {len(score.problems)} |"
        )
    kills = sum(score.kills for score in scores.values())
    problems = sum(len(score.problems) for score in scores.values())
    yield ""
    yield (
        f"{kills} kills: {problems} rows or files lost or doubled, or releases seen half written."
    )
    yield ""
    yield "All that may differ between two runs over the same inbox, and so is not compared:"
    yield ""
    for what, why in VARIES.items():
        yield f"- `{what}`: {why}"
