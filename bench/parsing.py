"""Lines per second and memory of the WhatsApp parser, side by side with its peers, in one run.

    python -m bench.parsing            (needs node and npm; peers go to a temporary folder)

Each run is a process of its own, in turns; the best of the rounds counts. The last table holds our
messages against those of the npm parser, and says how each difference comes about.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipelines.contracts import Message, MessageKind
from pipelines.intake.formats.whatsapp import FORMAT
from pipelines.intake.source import open_plain
from pipelines.settings import REPOSITORY, Settings

RUNNERS = Path(__file__).parent / "parsing_runners"
NPM = "whatsapp-chat-parser@4.0.2"
PYPI = ("whatstk==0.9.1", "chat-miner==0.6.0")
TARGET = 1.2  # times the fastest peer
SEED = 2026

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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers = [candour(), *install(folder)]
        exports = {
            "Android": write_export(folder / "android.txt", options.lines, ios=False),
            "iOS": write_export(folder / "ios.txt", options.lines, ios=True),
        }
        met = [measure(*item, peers, options.lines, options.rounds) for item in exports.items()]
        show_memory(folder, options.lines)
        for label, path in exports.items():
            show_differences(label, path, peers[1], folder)
    return 0 if all(met) else 1


def candour() -> Peer:
    return Peer("Candour", [sys.executable, str(RUNNERS / "candour.py")], REPOSITORY)


def install(folder: Path) -> list[Peer]:
    """The peers, installed into ``folder``: the npm one first."""
    run(["npm", "install", "--silent", "--no-fund", "--no-audit", NPM], folder)
    run([sys.executable, "-m", "venv", "peers"], folder)
    python = str(folder / "peers" / "bin" / "python")
    run([python, "-m", "pip", "install", "--quiet", *PYPI], folder)
    return [
        Peer("whatsapp-chat-parser (npm)", ["node", str(RUNNERS / "npm.mjs")], folder),
        Peer("whatstk", [python, str(RUNNERS / "whatstk.py")], folder),
        Peer("chat-miner", [python, str(RUNNERS / "chat_miner.py")], folder),
    ]


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


def measure(label: str, path: Path, peers: list[Peer], lines: int, rounds: int) -> bool:
    """Show every peer's best round; whether ours is ``TARGET`` times the fastest of the others."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(rounds):
        for peer in peers:
            result = json.loads(run([*peer.command, str(path)], peer.folder))
            known = best.get(peer.name)
            if known is None or result["seconds"] < known["seconds"]:
                best[peer.name] = result
    rates = {name: lines / result["seconds"] for name, result in best.items()}
    ours = rates.pop("Candour")
    table = Table("parser", "lines/s", "peak MB", "messages", title=f"{label}, {lines:,} lines")
    for name, result in best.items():
        row = (lines / result["seconds"], result["peak_mb"], result["messages"])
        table.add_row(name, *(f"{value:,.0f}" for value in row))
    Console().print(table, f"{ours / max(rates.values()):.2f} times the fastest peer")
    return ours >= TARGET * max(rates.values())


def show_memory(folder: Path, lines: int) -> None:
    """Our peak memory as the file grows."""
    table = Table("lines", "file MB", "peak MB", title="Memory of Candour, streaming")
    for times in (1, 2, 4):
        path = write_export(folder / "long.txt", lines * times, ios=True)
        result = json.loads(run([*candour().command, str(path)], REPOSITORY))
        size = path.stat().st_size / 1e6
        table.add_row(f"{lines * times:,}", f"{size:,.0f}", f"{result['peak_mb']:,.0f}")
    Console().print(table)


def show_differences(label: str, path: Path, npm: Peer, folder: Path) -> None:
    """Count messages on which the npm parser and ours differ, by the reason."""
    dump = folder / "npm.json"
    run([*npm.command, str(path), str(dump)], npm.folder)
    theirs = json.loads(dump.read_text(encoding="utf-8"))
    settings = Settings()
    (part,) = open_plain(path).parts(settings)
    ours = list(FORMAT.stream(part, settings).messages())
    reasons = Counter(map(why, ours, theirs))
    table = Table("messages", "difference", title=f"{label}: ours and npm's")
    for reason, count in reasons.most_common():
        table.add_row(f"{count:,}", reason)
    Console().print(table, f"{len(ours):,} messages of ours, {len(theirs):,} of npm's")


def why(ours: Message, theirs: tuple[str, str | None, str]) -> str:
    """Why one message differs, or ``none``."""
    at, author, text = theirs
    if ours.sent_at.strftime("%Y-%m-%dT%H:%M:%S") != at:
        return "UNEXPLAINED: time"
    if ours.kind is MessageKind.SYSTEM and author is not None:
        return "a system line under the group's name: no author is made of it here"
    if ours.kind is MessageKind.MEDIA:
        return "a media marker: kind media and no text here"
    same = (ours.sender, ours.text) == (author, text.replace("\r\n", "\n").rstrip())
    return "none" if same else "UNEXPLAINED: author or text"


if __name__ == "__main__":
    sys.exit(main())
