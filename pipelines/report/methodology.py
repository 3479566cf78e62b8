"""What the methodology page shows beside the manifest: taxonomy, cards, checks, what is new."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.classify.taxonomy import load_taxonomy
from pipelines.release.fallback import FALLBACKS
from pipelines.report.pages import Content
from pipelines.settings import REPOSITORY
from pipelines.validate.suite import load_suite

NAMES_CARD = REPOSITORY / "pipelines" / "deidentify" / "model" / "CARD.md"
RISKS_CARD = REPOSITORY / "pipelines" / "classify" / "model" / "card.json"
HEADING = "| text |"
GATES = ("staged", "warehouse", "release")
CASE = "original"  # the model is uncased: the other lines of its card say the same
FALLBACK_NAMES = dict(
    zip(
        FALLBACKS,
        ("All risky content that month", "The category over the quarter", "The region"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    """How well identities of one ``kind`` were found in one ``text``, as the card prints it."""

    text: str
    kind: str
    spans: str
    recall: str
    recall_any_type: str
    precision: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """How well one category was flagged in text never trained on."""

    name: str
    positives: int
    found_percent: float
    negatives: int
    wrong_per_1000: float


def methodology(content: Content) -> dict[str, Any]:
    """What ``methodology.html.j2`` shows; it has no chart."""
    card = json.loads(RISKS_CARD.read_text(encoding="utf-8"))
    return {
        "figures": [],
        "taxonomy": load_taxonomy(),
        "identities": list(read_names_card(NAMES_CARD)),
        "classifier": card,
        "flagged": [
            Flagged(
                content.categories[code].name,
                rates["positives"],
                100 * rates["tp"] / rates["positives"],
                rates["negatives"],
                1000 * rates["fp"] / rates["negatives"],
            )
            for code, rates in card["error_rates"].items()
        ],
        "gates": {name: load_suite(name) for name in GATES},
        "fallback_names": FALLBACK_NAMES,
    }


def read_names_card(path: Path) -> Iterator[Found]:
    """The lines of the card's table of measurements."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(HEADING))
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return
        text, case, kind, spans, precision, recall, any_type, _ = (
            cell.strip() for cell in line.strip("|").split("|")
        )
        if case == CASE:
            yield Found(text, kind.capitalize(), spans, recall, any_type, precision)
