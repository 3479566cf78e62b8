"""Lines a second and memory of the WhatsApp parser, side by side with its peers, in one run.

    python -m bench.parsing --write    (needs node and npm; peers go to a temporary folder)

Each run is a process of its own, in turns; the best of the rounds counts. Seconds of processor time
are those of all the process's threads.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from os import cpu_count, getloadavg
from pathlib import Path
from platform import python_version, system
from typing import Any

from bench.page import write_between
from pipelines.settings import REPOSITORY

RUNNERS = Path(__file__).parent / "parsing_runners"
PAGE = REPOSITORY / "docs" / "measured-parsing.md"
NPM = "whatsapp-chat-parser@4.0.2"
PYPI = ("whatstk==0.9.1", "chat-miner==0.6.0")
TARGET = 1.2  # times the fastest peer
SEED = 2026
MAX_MB = 150
SLOW_ROUNDS = 1  # of the peers that are several times slower
PARSERS = ("parser", "lines a CPU second", "lines a second of wall clock", "peak MB", "messages")
MEMORY = ("lines", "file MB", "peak MB, as a stream", "peak MB, with the chat held in memory")
MEMORY_LINES = (50_000, 200_000, 400_000)

PEOPLE = ("Ann Lee", "Bob Ray", "Cat Moss", "+44 7700 900123")
TALK = (
    "on my way late shift the van is in bay three again who has the keys for it please thanks "
    "mate see you at nine then: fine"
)
WORDS = TALK.split()


@dataclass(frozen=True)
class Peer:
    """A parser to measure: its name and the command that runs it on a file."""

    name: str
    command: list[str]
    folder: Path
    is_slow: bool = False


@dataclass(frozen=True)
class Table:
    """The parsers on one export. ``ratios`` are Candour's lines to the fastest other's, a second
    of processor time and of wall clock.
    """

    title: str
    rows: list[tuple[str, ...]]
    ratios: dict[str, float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="Write docs/measured-parsing.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers = [candour(), *install(folder)]
        exports = {
            "Android": write_export(folder / "android.txt", options.lines, ios=False),
            "iOS": write_export(folder / "ios.txt", options.lines, ios=True),
        }
        tables = [measure(*item, peers, options) for item in exports.items()]
        text = render(tables, measure_memory(folder), options.rounds)
    sys.stdout.write(text + "\n")
    if options.write:
        write_between(PAGE, "measured", text)
    return 0 if all(table.ratios["cpu"] >= TARGET for table in tables) else 1


def candour() -> Peer:
    return Peer("Candour", [sys.executable, str(RUNNERS / "candour.py")], REPOSITORY)


def install(folder: Path) -> list[Peer]:
    """The peers, installed into ``folder``."""
    npm = install_npm(folder)
    run([sys.executable, "-m", "venv", "peers"], folder)
    python = str(folder / "peers" / "bin" / "python")
    run([python, "-m", "pip", "install", "--quiet", *PYPI], folder)
    return [
        npm,
        Peer("whatstk", [python, str(RUNNERS / "whatstk.py")], folder, True),
        Peer("chat-miner", [python, str(RUNNERS / "chat_miner.py")], folder, True),
    ]


def install_npm(folder: Path) -> Peer:
    run(["npm", "install", "--silent", "--no-fund", "--no-audit", NPM], folder)
    return Peer("whatsapp-chat-parser (npm)", ["node", str(RUNNERS / "npm.mjs")], folder)


def write_export(path: Path, lines: int, *, ios: bool) -> Path:
    """An export of ``lines`` lines: text, some of it on several lines, media and system lines."""
    rng = random.Random(SEED)
    at = datetime(2024, 1, 13, 7)
    end = "\r\n" if ios else "\n"
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        while written < lines:
            at += timedelta(seconds=rng.randint(5, 400))
            body = _body(rng, ios=ios)
            header = f"[{at:%d/%m/%Y, %H:%M:%S}] " if ios else f"{at:%d/%m/%Y, %H:%M} - "
            file.write(f"{header}{body}{end}")
            written += 1 + body.count("\n")
    return path


def _body(rng: random.Random, *, ios: bool) -> str:
    who, draw = rng.choice(PEOPLE), rng.random()
    text = " ".join(rng.choices(WORDS, k=rng.randint(2, 18)))
    if draw < 0.01:
        left = f"{who} left"
        return f"Team: \u200e{left}" if ios else left
    if draw < 0.08:
        return f"{who}: \u200eimage omitted" if ios else f"{who}: <Media omitted>"
    return f"{who}: {text}\nand then {text}" if draw < 0.12 else f"{who}: {text}"


def run(command: list[str], folder: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "TZ": "Europe/London"}
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return done.stdout.decode()


def measure(label: str, path: Path, peers: list[Peer], options: argparse.Namespace) -> Table:
    """Every peer's best round, by each clock."""
    results: dict[str, list[dict[str, Any]]] = {peer.name: [] for peer in peers}
    for number in range(options.rounds):
        for peer in peers:
            if number < SLOW_ROUNDS or not peer.is_slow:
                results[peer.name].append(json.loads(run([*peer.command, str(path)], peer.folder)))
    rates = {
        clock: {name: options.lines / min(r[clock] for r in of) for name, of in results.items()}
        for clock in ("cpu", "wall")
    }
    rows = [
        (
            name,
            f"{rates['cpu'][name]:,.0f}",
            f"{rates['wall'][name]:,.0f}",
            f"{max(r['peak_mb'] for r in of):,.0f}",
            f"{of[0]['messages']:,}",
        )
        for name, of in results.items()
    ]
    ratios = {clock: each.pop("Candour") / max(each.values()) for clock, each in rates.items()}
    return Table(f"{label}, {options.lines:,} lines", rows, ratios)


def measure_memory(folder: Path) -> list[tuple[str, ...]]:
    """Our peak memory as the file grows."""
    rows = []
    for lines in MEMORY_LINES:
        path = write_export(folder / "long.txt", lines, ios=True)
        ways = ([str(path), "as a stream"], [str(path)])
        results = [json.loads(run([*candour().command, *way], REPOSITORY)) for way in ways]
        peaks = [f"{result['peak_mb']:,.0f}" for result in results]
        rows.append((f"{lines:,}", f"{path.stat().st_size / 1e6:,.0f}", *peaks))
    return rows


def render(tables: list[Table], memory: list[tuple[str, ...]], rounds: int) -> str:
    """All of it, as Markdown."""
    load = ", ".join(f"{each:.0f}" for each in getloadavg())
    said = [
        f"Python {python_version()}, {system()}, {cpu_count()} cores; load average at the end "
        f"{load} (1, 5 and 15 minutes). Best of {rounds} rounds in turns."
    ]
    for table in tables:
        cpu, wall = table.ratios["cpu"], table.ratios["wall"]
        said += [f"**{table.title}**", rows_of(PARSERS, table.rows)]
        said.append(
            f"Of the fastest other's lines: {cpu:.2f} times as many a second of processor time, "
            f"{wall:.2f} times of wall clock ({TARGET} asked for)."
        )
    said += [f"**Memory as the file grows** ({MAX_MB} MB asked for)", rows_of(MEMORY, memory)]
    return "\n\n".join(said)


def rows_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
