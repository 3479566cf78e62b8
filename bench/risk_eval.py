"""``make eval-risk``: what the risk model finds and what it leaves alone.

The shipped model beside TF-IDF with logistic regression, both from the same training texts: on five
open corpora's test sets, and on the police-register test set (``bench/risk/police.tsv``).
``--write`` puts the tables into docs/measured-risk.md and docs/risk-model.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import f1_score

from bench.risk.police import Share, read_items, shares
from bench.risk.systems import (
    CANDOUR,
    PEER,
    PoliceBaseline,
    candour_flags,
    candour_task,
    peer_pipeline,
)
from pipelines.classify.classifier import Classifier
from pipelines.classify.normalise import normalise
from pipelines.classify.training.corpora import FILES, READERS

DOCS = Path(__file__).parents[1] / "docs"
PAGES = (DOCS / "measured-risk.md", DOCS / "risk-model.md")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

NAMES = {
    "edos": "EDOS task A",
    "hatemoji": "HatemojiBuild",
    "sbic": "Social Bias Frames",
    "convabuse": "ConvAbuse",
    "guest": "Guest",
}
BOUNDS = {"edos": 0.84}


@dataclass(frozen=True, slots=True)
class TaskResult:
    """Macro-F1 of both systems on one open corpus's test set."""

    name: str
    texts: int
    candour: float
    peer: float
    bound: float | None


def measure_task(classifier: Classifier, task: str, data: Path) -> TaskResult:
    """Trains the peer on the corpus's training file and asks both about its test file."""
    read, file = READERS[task], FILES[task]
    train, test = read(data / "train" / file), read(data / "measure" / file)
    actual = [example.targets[task] == 1.0 for example in test]
    texts = [example.text for example in test]
    peer = peer_pipeline().fit(
        [normalise(e.text) for e in train], [e.targets[task] == 1.0 for e in train]
    )
    answers = peer.predict([normalise(text) for text in texts])
    return TaskResult(
        NAMES[task],
        len(test),
        f1_score(actual, candour_task(classifier, task, texts), average="macro"),
        f1_score(actual, answers, average="macro"),
        BOUNDS.get(task),
    )


def task_table(results: Sequence[TaskResult]) -> list[str]:
    """Markdown of the open corpora."""
    lines = [
        f"| test set | texts | {CANDOUR}, macro-F1 | {PEER}, macro-F1 | asked for |",
        "| --- | --- | --- | --- | --- |",
    ]
    for r in results:
        asked = _verdict(f"≥ {r.bound:.2f}", r.candour >= r.bound) if r.bound else ""
        lines.append(f"| {r.name} | {r.texts:,} | {r.candour:.3f} | {r.peer:.3f} | {asked} |")
    return lines


def police_table(ours: Sequence[Share], peers: Sequence[Share]) -> list[str]:
    """Markdown of the police-register test set."""
    lines = [f"| share | of | {CANDOUR} | {PEER} | asked for |", "| --- | --- | --- | --- | --- |"]
    for own, peer in zip(ours, peers, strict=True):
        asked = ""
        if own.bound is not None:
            asked = _verdict(f"{'≤' if own.at_most else '≥'} {own.bound:.2f}", bool(own.met))
        lines.append(f"| {own.name} | {own.total} | {own.value:.3f} | {peer.value:.3f} | {asked} |")
    return lines


def _verdict(bound: str, met: bool) -> str:
    return f"{bound}: {'met' if met else 'not met'}"


def write(page: Path, tables: str) -> None:
    """Puts ``tables`` between the page's markers."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main() -> None:
    """Measure, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with risk/train and risk/measure")
    parser.add_argument("--write", action="store_true", help="write into the documentation")
    asked = parser.parse_args()
    classifier = Classifier.load(threads=2)
    items = read_items()
    texts = [item.text for item in items]
    police = police_table(
        shares(items, candour_flags(classifier, texts)),
        shares(items, PoliceBaseline(asked.data).flags(texts)),
    )
    open_sets = task_table([measure_task(classifier, task, asked.data / "risk") for task in FILES])
    tables = "\n".join(
        ["### Police-register test set", "", *police, "", "### Open test sets", "", *open_sets]
    )
    print(tables)
    if asked.write:
        for page in PAGES:
            write(page, tables)


if __name__ == "__main__":
    main()
