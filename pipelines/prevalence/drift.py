"""Has the classifier moved? Its scores on a fixed sample, beside those recorded for its version.

    python -m pipelines.prevalence.drift [--write]

shows, or records, what the present classifier makes of ``reference/sample.jsonl``. Nobody's words
are in it: invented messages, as de-identification would leave them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import floor, log
from pathlib import Path
from typing import Any

from pipelines.classify.classifier import Classifier
from pipelines.classify.taxonomy import CODES
from pipelines.contracts import Risks
from pipelines.prevalence.invented import Invented
from pipelines.prevalence.shipped import classify

FOLDER = Path(__file__).with_name("reference")
SAMPLE, STATISTICS = FOLDER / "sample.jsonl", FOLDER / "statistics.json"

LEAST, MOST = 0.001, 0.999  # probabilities further out are as good as these
BINS = range(-7, 7)  # whole log-odds between them: sql/validate/warehouse.sql bins the same
HALF = 0.5  # of a message added to every bin, so that an empty one is not infinitely far


@dataclass(frozen=True, slots=True)
class Scored:
    """One category's scores on the sample: messages by log-odds, and how many are flagged."""

    bins: tuple[int, ...]
    flagged: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One category now and as recorded; ``None`` where nothing is recorded for this version."""

    version: str
    category: str
    flagged: int
    recorded: int | None
    psi: float | None


def log_odds(probability: float) -> int:
    """The bin of a probability: its log-odds rounded down, clamped at both ends."""
    kept = min(max(probability, LEAST), MOST)
    return floor(log(kept / (1 - kept)))


def psi(before: Sequence[int], after: Sequence[int]) -> float:
    """Population stability index of two histograms over the same bins (Siddiqi, 2006): 0 where
    their shares are the same; from 0.1 a shift, from about 0.2 a large one.
    """
    shares = [
        [(count + HALF) / (sum(counts) + HALF * len(counts)) for count in counts]
        for counts in (before, after)
    ]
    return float(sum((b - a) * log(b / a) for a, b in zip(*shares, strict=True)))


def score(risks: Sequence[Risks]) -> dict[str, Scored]:
    """Histogram and flags of every category."""
    found = {}
    for code in CODES:
        bins = Counter(log_odds(one.probabilities[code]) for one in risks)
        flagged = sum(code in one.flags for one in risks)
        found[code] = Scored(tuple(bins[bin_] for bin_ in BINS), flagged)
    return found


def compare(classifier: Classifier) -> list[Comparison]:
    """Every category's scores on the sample beside those recorded for the classifier's version."""
    recorded = recorded_statistics().get(classifier.version, {})
    now = score(classify(classifier, read_sample()))
    return [
        Comparison(
            classifier.version,
            code,
            scored.flagged,
            recorded[code].flagged if code in recorded else None,
            psi(recorded[code].bins, scored.bins) if code in recorded else None,
        )
        for code, scored in now.items()
    ]


@cache
def present() -> tuple[Comparison, ...]:
    """The comparison of the classifier in use: made once a process."""
    return tuple(compare(Classifier.load()))


def read_sample(path: Path = SAMPLE) -> list[Invented]:
    """The fixed sample's messages, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Invented(said["text"], tuple(said["codes"])) for said in map(json.loads, lines)]


def recorded_statistics(path: Path = STATISTICS) -> dict[str, dict[str, Scored]]:
    """What each classifier version made of the sample when it was recorded."""
    printed: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {
        version: {code: Scored(tuple(s["bins"]), s["flagged"]) for code, s in scores.items()}
        for version, scores in printed.items()
    }


def main() -> None:
    classifier = Classifier.load()
    for found in compare(classifier):
        moved = "not recorded" if found.psi is None else f"PSI {found.psi:.4f}"
        print(f"{found.category}  {found.flagged} flagged, {found.recorded} recorded, {moved}")  # noqa: T201
    if "--write" in sys.argv:
        scores = score(classify(classifier, read_sample()))
        said = {c: {"flagged": s.flagged, "bins": list(s.bins)} for c, s in scores.items()}
        STATISTICS.write_text(json.dumps({classifier.version: said}) + "\n")


if __name__ == "__main__":
    main()
