"""Do the intervals of training effects cover what was planted? Simulated panels, counted.

Whole panels, as the enclave has them, and what a release would publish of the same ones.

python -m bench.impact [--write]
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path

import numpy as np

from bench.impact_tally import Enclave, Published
from bench.impact_world import simulate
from bench.page import write_between

PAGE = Path(__file__).resolve().parent.parent / "docs" / "measured-impact.md"
SEED = 20261126
PANELS = 240  # of each scenario: two standard errors of a coverage of 95% are 2.8 points
DEALT = 1  # the stream that deals messages to volunteers is none of the panels'

# the planted log ratio, and how far trained forces drift apart whatever the training
SCENARIOS = {
    "no effect": (0.0, 0.0),
    "ratio 0.8": (log(0.8), 0.0),
    "no effect, trained forces drift": (0.0, -0.5),
}


def measure(number: int, planted: float, drift: float) -> tuple[Enclave, Published]:
    """Both tallies of one scenario."""
    rng = np.random.default_rng([SEED, number])
    dealer = np.random.default_rng([SEED, number, DEALT])
    enclave, published = Enclave(planted), Published(planted)
    for _ in range(PANELS):
        world = simulate(rng, planted, drift)
        enclave.add(world)
        published.add(world, dealer)
    return enclave, published


def table(columns: Sequence[Mapping[str, str]]) -> str:
    """One column a scenario."""
    lines = [
        "| | " + " | ".join(SCENARIOS) + " |",
        "|---|" + "---:|" * len(columns),
        *(f"| {row} | " + " | ".join(c[row] for c in columns) + " |" for row in columns[0]),
    ]
    return "\n".join(lines)


def main() -> None:
    found = [measure(number, *given) for number, given in enumerate(SCENARIOS.values())]
    for name, tallies in zip(("impact", "published"), zip(*found, strict=True), strict=True):
        text = table([tally.rows() for tally in tallies])
        print(f"{name}\n\n{text}\n")
        if "--write" in sys.argv:
            write_between(PAGE, name, text)


if __name__ == "__main__":
    main()
