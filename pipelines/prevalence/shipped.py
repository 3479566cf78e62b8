"""The error rates a classifier ships with: its card's, measured on text it never saw.

    python -m pipelines.prevalence.shipped [--write]

measures the present classifier on invented messages in the proportions of a synthetic collection.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipelines.classify.classifier import Classifier
from pipelines.contracts import CleanMessage, MessageKind, Risks
from pipelines.prevalence.invented import Invented, invent
from pipelines.prevalence.rates import CATEGORIES, ErrorRates, count_errors

CARD = Path(__file__).resolve().parents[1] / "classify" / "model" / "card.json"
SEED, ORDINARY = "shipped error rates", 4000


def shipped_rates(card: Path = CARD) -> dict[str, ErrorRates]:
    """Rates by category and for ``ANY``. Raises ``ValueError`` naming what the card lacks."""
    printed = json.loads(card.read_text(encoding="utf-8"))["error_rates"]
    found = {
        category: ErrorRates(counts["tp"], counts["positives"], counts["fp"], counts["negatives"])
        for category, counts in printed.items()
    }
    unusable = [c for c in CATEGORIES if c not in found or not found[c].informative]
    if unusable:
        raise ValueError(f"{card.name} has no usable error rates of {', '.join(unusable)}.")
    return found


def shipped_version(card: Path = CARD) -> str:
    """Which classifier the card is of."""
    return str(json.loads(card.read_text(encoding="utf-8"))["version"])


def measure(classifier: Classifier) -> dict[str, ErrorRates]:
    """The classifier's rates on invented messages."""
    texts = invent(SEED, ORDINARY)
    flags = [risks.flags for risks in classify(classifier, texts)]
    return count_errors([text.codes for text in texts], flags)


def classify(classifier: Classifier, texts: Sequence[Invented]) -> list[Risks]:
    """What the classifier makes of texts, each as a message of its own."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return classifier.classify(
        [
            CleanMessage(number, at, "P1", MessageKind.TEXT, text.text)
            for number, text in enumerate(texts)
        ]
    )


def main() -> None:
    classifier = Classifier.load()
    rates = measure(classifier)
    for category, found in rates.items():
        print(f"{category}  TPR {found.tpr:.3f} of {found.positives:.0f}  "  # noqa: T201
              f"FPR {found.fpr:.5f} of {found.negatives:.0f}")  # fmt: skip
    if "--write" in sys.argv:
        card = json.loads(CARD.read_text(encoding="utf-8")) if CARD.exists() else {}
        card["version"] = classifier.version
        card["error_rates"] = {
            category: {name: round(getattr(found, name)) for name in
                       ("tp", "positives", "fp", "negatives")}
            for category, found in rates.items()
        }  # fmt: skip
        CARD.parent.mkdir(exist_ok=True)
        CARD.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
