"""``make bench-deid``: how fast de-identification is, beside Presidio used plainly, in one run.

Two collections: real text messages, and a synthetic one. Four systems, each in processes of its
own, in turns; the best of the rounds counts:

- ours, the whole job (rosters, findings, redaction), one worker a core;
- ours, findings alone, one worker a core;
- the same recognisers and model in Presidio's ``BatchAnalyzerEngine``, which uses one core;
- stock Presidio's default English recognisers without any names, ``batch_size=256, n_process=2``.

Then every distinct text is read by the fast path and by ``BatchAnalyzerEngine``, and whatever
differs is listed. Slow systems read a random part of the collection: their speed is the same.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.deid.speed_report import REPORT, Measured, markdown, show
from bench.deid.speed_worker import PROCESSES, Chats
from pipelines.contracts import MessageKind
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.settings import REPOSITORY, Settings
from pipelines.synthetic.generate import generate

SEED = 2026
SLOW = ("plain", "stock")


@dataclass(frozen=True, slots=True)
class Collection:
    """Chats under a name, and the part of them that slow systems read."""

    name: str
    chats: Chats
    part: Chats


def collections(data: Path, folder: Path, part: int, exports: int | None) -> Iterator[Collection]:
    """Real messages, one chat of one person; the synthetic collection the demonstration uses."""
    lines = (data / "background" / "sms_ham.txt").read_text(encoding="utf-8").splitlines()
    yield _collection("real text messages (sms_ham)", [_one_chat(filter(str.strip, lines))], part)
    made = generate(folder / "synthetic", forces=3, volunteers=40, months=9, end_month="2026-10",
                    seed=SEED, risk_scale=2.5)  # fmt: skip
    chats: Chats = [
        [(message.sender, message.kind.value, message.text) for message in chat.messages]
        for submission in made.submissions[:exports]
        for chat in read_chats(open_plain(submission.path), Settings())
    ]
    yield _collection("synthetic collection", chats, part)


def _one_chat(texts: Any) -> list[tuple[str | None, str, str]]:
    return [("A", MessageKind.TEXT.value, text) for text in texts]


def _collection(name: str, chats: Chats, part: int) -> Collection:
    texts = [text for chat in chats for _, _, text in chat]
    sample = random.Random(SEED).sample(texts, min(part, len(texts)))
    return Collection(name, chats, [_one_chat(sample)])


def shares(chats: Chats, workers: int) -> list[Chats]:
    """``chats`` dealt to ``workers``, the largest first; one chat alone is cut."""
    if len(chats) < workers:
        (chat,) = chats
        return [[chat[n::workers]] for n in range(workers)]
    dealt: list[Chats] = [[] for _ in range(workers)]
    for chat in sorted(chats, key=len, reverse=True):
        min(dealt, key=lambda share: sum(map(len, share))).append(chat)
    return dealt


class Worker:
    """A process of ``speed_worker``, loaded and waiting."""

    def __init__(self, system: str, chats: Chats, path: Path) -> None:
        path.write_text(json.dumps(chats), encoding="utf-8")
        command = [sys.executable, "-m", "bench.deid.speed_worker", system, str(path)]
        began = time.perf_counter()
        self._process = subprocess.Popen(
            command, cwd=REPOSITORY, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._line()
        self.start_up = time.perf_counter() - began

    def go(self) -> None:
        """Begin; :meth:`result` waits for the end."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def result(self) -> dict[str, Any]:
        """Seconds, memory and what else it has to say."""
        said = self._line()
        self._process.wait()
        return said

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("A worker stopped before it was done: run bench.deid.speed_worker.")
        said: dict[str, Any] = json.loads(line)
        return said


def measure(system: str, collection: Collection, folder: Path) -> Measured:
    """One round: ours on as many workers as stock has, the plain one in one process."""
    chats = collection.part if system in SLOW else collection.chats
    dealt = [chats] if system in SLOW else shares(chats, PROCESSES)
    workers = [Worker(system, share, folder / f"{n}.json") for n, share in enumerate(dealt)]
    for worker in workers:
        worker.go()
    results = [worker.result() for worker in workers]
    return Measured(
        system=system,
        messages=sum(map(len, chats)),
        seconds=max(result["seconds"] for result in results),
        core_seconds=sum(result["core_seconds"] for result in results),
        peak_mb=sum(result["peak_mb"] for result in results),
        start_up=max(worker.start_up for worker in workers),
    )


def compare(collection: Collection, folder: Path) -> tuple[int, list[dict[str, Any]]]:
    """Distinct texts compared, and every difference."""
    texts = sorted({text for chat in collection.chats for _, _, text in chat})
    dealt = shares([_one_chat(texts)], PROCESSES)
    workers = [Worker("differ", share, folder / f"{n}.json") for n, share in enumerate(dealt)]
    for worker in workers:
        worker.go()
    said = [worker.result()["said"] for worker in workers]
    return sum(s["compared"] for s in said), [d for s in said for d in s["differences"]]


def run(collection: Collection, options: argparse.Namespace, console: Console) -> dict[str, Any]:
    """Every system over one collection."""
    best: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as name:
        for round_ in range(options.rounds):
            for system in ("whole_job", "findings", "plain", "stock"):
                console.log(f"{collection.name}, round {round_ + 1}: {system}")
                found = measure(system, collection, Path(name))
                if system not in best or found.rate > best[system].rate:
                    best[system] = found
        compared, differing = 0, []
        if not options.no_compare:
            console.log(f"{collection.name}: comparing every distinct text")
            compared, differing = compare(collection, Path(name))
    distinct = len({text for chat in collection.chats for _, _, text in chat})
    return {"name": collection.name, "measured": list(best.values()), "distinct": distinct,
            "compared": compared, "differences": differing}  # fmt: skip


def main() -> None:
    options = _arguments()
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as name:
        found = collections(options.data, Path(name), options.part, options.exports)
        results = [run(c, options, console) for c in found if options.only in c.name]
    show(console, results)
    if options.write:
        REPORT.write_text(markdown(results), encoding="utf-8")
    sys.exit(any(result["differences"] for result in results))


def _arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="deid_speed")
    parser.add_argument("data", type=Path, help="folder with background/sms_ham.txt")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--part", type=int, default=10_000, help="messages that slow systems read")
    parser.add_argument("--exports", type=int, help="synthetic exports read; by default all")
    parser.add_argument("--only", default="", help="part of a collection's name")
    parser.add_argument("--no-compare", action="store_true", help="speed alone")
    parser.add_argument("--write", action="store_true", help="write docs/measured-deid-speed.md")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
