"""``make bench-risk``: messages a second of the risk model, beside TF-IDF with logistic regression.

On the synthetic collection chat by chat, as staging does, where a text is read once; and on its
distinct texts and real text messages alone, where every one is new. The peer predicts the same
twelve categories for the same distinct texts, in one batch. Two threads; the best of the rounds.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.risk.collection import distinct_only, make_collection
from bench.risk.systems import CANDOUR, PEER, PoliceBaseline
from bench.risk_eval import write
from pipelines.classify.classifier import Classifier
from pipelines.contracts import CleanMessage, MessageKind

PAGE = Path(__file__).parents[1] / "docs" / "measured-risk-speed.md"
THREADS = 2
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Speed:
    """Messages a second on some texts, and what they must be."""

    texts: str
    system: str
    messages: int
    seconds: float
    bound: int | None = None

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds


def best_of(rounds: int, job: Callable[[], object]) -> float:
    """Seconds of the fastest round."""
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        job()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def by_chat(chats: Sequence[Sequence[CleanMessage]]) -> None:
    """Everything once, by a worker that starts knowing no text."""
    classifier = Classifier.load(threads=THREADS)
    for chat in chats:
        classifier.classify(chat)


def measure(data: Path, rounds: int) -> list[Speed]:
    """Both systems on every collection."""
    with tempfile.TemporaryDirectory() as folder:
        planted = make_collection(Path(folder), forces=2, volunteers=20, months=6)
    chats = [[p.message for p in chat] for chat in planted]
    total = sum(map(len, chats))
    new = distinct_only(planted)
    sms = data / "background" / "sms_ham.txt"
    lines = dict.fromkeys(sms.read_text(encoding="utf-8", errors="replace").splitlines())
    texts = [CleanMessage(0, NOON, "P1", MessageKind.TEXT, line) for line in lines]
    load = best_of(rounds, lambda: Classifier.load(threads=THREADS))
    peer = PoliceBaseline(data)
    results = [
        Speed("synthetic collection", CANDOUR, total,
              best_of(rounds, lambda: by_chat(chats)) - load, 10_000),
    ]  # fmt: skip
    for name, messages in (("its distinct texts", new), ("real text messages, distinct", texts)):
        alone = [message.text for message in messages]
        seconds = best_of(rounds, lambda messages=messages: by_chat([messages])) - load
        results.append(Speed(name, CANDOUR, len(alone), seconds, 3_000))
        results.append(Speed(name, PEER, len(alone), best_of(1, lambda t=alone: peer.flags(t))))
    return results


def table(results: Sequence[Speed], load: float) -> str:
    """Markdown, with the machine and the memory."""
    lines = [
        "| texts | system | messages | messages/s | asked for |",
        "| --- | --- | --- | --- | --- |",
    ]
    for r in results:
        asked = ""
        if r.bound:
            asked = f"{r.bound:,}: {'met' if r.rate >= r.bound else 'not met'}"
        lines.append(f"| {r.texts} | {r.system} | {r.messages:,} | {r.rate:,.0f} | {asked} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    busy = os.getloadavg()[0]
    lines += ["", f"Loading takes {load:.1f} s; the whole measurement peaked at {peak:,.0f} MB; "
              f"load average {busy:.1f} while {THREADS} threads ran."]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Measure, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="of background/sms_ham.txt, ner/train")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write into {PAGE.name}")
    asked = parser.parse_args()
    results = measure(asked.data, asked.rounds)
    said = table(results, best_of(1, Classifier.load))
    print(said)
    if asked.write:
        write(PAGE, said)


if __name__ == "__main__":
    main()
