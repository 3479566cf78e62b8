"""A sample of ``bench/fuzz_intake.py``: broken exports are parsed or quarantined, never more."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.fuzz_intake import mutants, outcome, seeds

MUTANTS = 600


def test_the_seeds_themselves_are_chats(tmp_path: Path) -> None:
    assert {outcome(raw, tmp_path / "export") for raw in seeds()} == {"parsed"}


@pytest.mark.timeout(120)
def test_broken_exports_end_parsed_or_quarantined(tmp_path: Path) -> None:
    outcomes = Counter(outcome(raw, tmp_path / "export") for raw in mutants(20, MUTANTS))

    assert outcomes.total() == MUTANTS
    # Both ends are really reached: the mutants are neither harmless nor hopeless.
    assert outcomes["parsed"] > MUTANTS / 4
    assert len(outcomes) >= 4
