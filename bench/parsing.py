"""Lines a second and memory of the WhatsApp parser, side by side with its peers, in one run.

    python -m bench.parsing            (needs node and npm; peers go to a temporary folder)

Each run is a process of its own, in turns; the best of the rounds counts. Seconds are of processor
time, of all the process's threads, so that whatever else the machine does counts little.
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
from os import cpu_count
from pathlib import Path
from platform import platform, python_version
from typing import Any

from pipelines.settings import REPOSITORY

RUNNERS = Path(__file__).parent / "parsing_runners"
NPM = "whatsapp-chat-parser@4.0.2"
PYPI = ("whatstk==0.9.1", "chat-miner==0.6.0")
TARGET = 1.2  # times the fastest peer
SEED = 2026
PARSERS = ("parser", "lines/s", "peak MB", "messages")
MEMORY = ("lines", "file MB", "peak MB")

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


@dataclass(frozen=True)
class Table:
    """The parsers on one export; ``ratio`` is Candour's lines a second to the fastest other's."""

    title: str
    rows: list[tuple[str, str, str, str]]
    ratio: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers = [candour(), *install(folder)]
        exports = {
            "Android": write_export(folder / "android.txt", options.lines, ios=False),
            "iOS": write_export(folder / "ios.txt", options.lines, ios=True),
        }
        tables = [measure(*item, peers, options) for item in exports.items()]
        text = render(tables, measure_memory(folder, options.lines))
    sys.stdout.write(text + "\n")
    return 0 if all(table.ratio >= TARGET for table in tables) else 1


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
        Peer("whatstk", [python, str(RUNNERS / "whatstk.py")], folder),
        Peer("chat-miner", [python, str(RUNNERS / "chat_miner.py")], folder),
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
    """Every peer's best round."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(options.rounds):
        for peer in peers:
            result = json.loads(run([*peer.command, str(path)], peer.folder))
            known = best.get(peer.name)
            if known is None or result["seconds"] < known["seconds"]:
                best[peer.name] = result
    rates = {name: options.lines / result["seconds"] for name, result in best.items()}
    rows = [
        (name, f"{rates[name]:,.0f}", f"{result['peak_mb']:,.0f}", f"{result['messages']:,}")
        for name, result in best.items()
    ]
    ours = rates.pop("Candour")
    return Table(f"{label}, {options.lines:,} lines", rows, ours / max(rates.values()))


def measure_memory(folder: Path, lines: int) -> list[tuple[str, str, str]]:
    """Our peak memory as the file grows: lines, size and peak in megabytes."""
    rows = []
    for times in (1, 2, 4):
        path = write_export(folder / "long.txt", lines * times, ios=True)
        result = json.loads(run([*candour().command, str(path)], REPOSITORY))
        size = path.stat().st_size / 1e6
        rows.append((f"{lines * times:,}", f"{size:,.0f}", f"{result['peak_mb']:,.0f}"))
    return rows


def render(tables: list[Table], memory: list[tuple[str, str, str]]) -> str:
    """All of it, as Markdown."""
    said = [f"Python {python_version()}, {platform()}, {cpu_count()} cores."]
    for table in tables:
        said += [f"**{table.title}**", rows_of(PARSERS, table.rows)]
        said.append(f"{table.ratio:.2f} times the fastest of the others ({TARGET} asked for).")
    said += ["**Candour's memory as the file grows**", rows_of(MEMORY, memory)]
    return "\n\n".join(said)


def rows_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
