"""Tables of the speed measurement, for the screen and for docs/."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

REPORT = Path(__file__).parents[2] / "docs" / "measured-deid-speed.md"
NAMES = {
    "whole_job": "Candour, the whole job",
    "findings": "Candour, findings alone",
    "plain": "same recognisers and model, `BatchAnalyzerEngine`",
    "stock": "stock Presidio without names, `n_process=2`",
}
HEADINGS = (
    "system",
    "messages/s",
    "Candour's job : this",
    "messages/core-second",
    "Candour's job : this, a core-second",
    "peak MB, all processes",
    "start-up s",
)
# Issue 4's targets.
PLAIN_TIMES, STOCK_TIMES, AIM, MOST_MB, MOST_START = 10, 2, 11_700, 1500, 3


@dataclass(frozen=True, slots=True)
class Measured:
    """One system's best round."""

    system: str
    messages: int
    seconds: float
    core_seconds: float
    peak_mb: float
    start_up: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def core_rate(self) -> float:
        """Messages a second of processor time, of all its processes."""
        return self.messages / self.core_seconds


def rows(result: dict[str, Any]) -> list[tuple[str, ...]]:
    """A collection's table."""
    measured: Sequence[Measured] = result["measured"]
    job = next(m for m in measured if m.system == "whole_job")
    return [
        (
            NAMES[m.system],
            f"{m.rate:,.0f}",
            "" if m is job else f"{job.rate / m.rate:.1f}",
            f"{m.core_rate:,.0f}",
            "" if m is job else f"{job.core_rate / m.core_rate:.1f}",
            f"{m.peak_mb:,.0f}",
            f"{m.start_up:.1f}",
        )
        for m in measured
    ]


def verdicts(result: dict[str, Any]) -> list[str]:
    """Each target, and what was reached."""
    by = {m.system: m for m in result["measured"]}
    job = by["whole_job"]
    met = [
        (f"{PLAIN_TIMES} times `BatchAnalyzerEngine`", job.rate / by["plain"].rate, PLAIN_TIMES),
        (f"{STOCK_TIMES} times stock without names", job.rate / by["stock"].rate, STOCK_TIMES),
        (f"{AIM:,} messages/s", job.rate, AIM),
    ]
    lines = [
        f"{wanted}: {reached:,.1f}, {'met' if reached >= least else 'not met'}"
        for wanted, reached, least in met
    ]
    lines.append(
        f"at most {MOST_MB:,} MB and {MOST_START} s to start: {job.peak_mb:,.0f} MB, "
        f"{job.start_up:.1f} s"
    )
    return lines


def compared(result: dict[str, Any]) -> str:
    """What the differential comparison found."""
    if not result["compared"]:
        return "Findings were not compared in this run."
    if not result["differences"]:
        return f"{result['compared']:,} distinct texts compared: no finding differs."
    return f"{result['compared']:,} distinct texts compared: {len(result['differences'])} differ."


def show(console: Console, results: Sequence[dict[str, Any]]) -> None:
    """Print what :func:`markdown` writes, and every difference."""
    for result in results:
        table = Table(*HEADINGS, title=_title(result))
        for row in rows(result):
            table.add_row(*row)
        console.print(table)
        console.print(*verdicts(result), compared(result), sep="\n")
        for difference in result["differences"]:
            console.print(f"  text {difference['text']}: ours {difference['ours']}, "
                          f"plain {difference['plain']}")  # fmt: skip


def markdown(results: Sequence[dict[str, Any]]) -> str:
    """The page in docs/."""
    parts = [INTRODUCTION.format(machine=_machine())]
    for result in results:
        parts.append(f"## {_title(result)}\n")
        parts += [_line(HEADINGS), _line(["---"] * len(HEADINGS))]
        parts += [_line(row) for row in rows(result)]
        parts.append("")
        parts += [f"- {line}" for line in verdicts(result)]
        parts += [f"- {compared(result)}", ""]
        parts += [f"  - {d}" for d in result["differences"]]
    return "\n".join(parts).rstrip() + "\n"


def _title(result: dict[str, Any]) -> str:
    messages = max(m.messages for m in result["measured"])
    return f"{result['name']}: {messages:,} messages, {result['distinct']:,} distinct"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _machine() -> str:
    return f"{os.cpu_count()} cores of {platform.machine()}, Python {platform.python_version()}"


INTRODUCTION = """# How fast de-identification is

`make bench-deid DATA=<folder>` measures and writes this page. One run on {machine}, the systems in
turns, the best round of each. *The whole job* is what staging runs: rosters, findings, redaction,
one worker a core. `BatchAnalyzerEngine` uses one core whatever it is given; stock Presidio runs its
default English recognisers over a blank spaCy pipeline, so it looks for no names. Start-up is a
worker's, from the command to ready; peak memory adds up all processes. Messages per second of
processor time hardly change when the machine is busy with something else.

Almost all of our time is the name model's, and that is arithmetic: 10.6 million multiplications a
word piece, at the pace of the processor's 8-bit instructions. A text is read once while a worker
lives, is not padded, and is not shown to the model where no word of it could be a name.
"""
