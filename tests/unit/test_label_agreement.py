"""Krippendorff's alpha beside the values of published worked examples."""

from __future__ import annotations

import pytest

from pipelines.label.agreement import alpha

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", example A: alpha = 0.095.
MEG = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
OWEN = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]


def _units(*labellers: list[int]) -> list[list[bool]]:
    return [[bool(answer) for answer in unit] for unit in zip(*labellers, strict=True)]


def test_the_published_example() -> None:
    assert alpha(_units(MEG, OWEN)) == pytest.approx(0.095, abs=0.0005)


@pytest.mark.parametrize(
    ("labellers", "expected"),
    [
        ([[0, 1, 0, 1], [0, 1, 0, 1]], 1.0),
        ([[0, 1], [1, 0]], 1 - 3 * 2 / 4),  # always at odds: below chance
        ([[0, 0, 0], [0, 0, 0]], None),  # nobody ever said yes: nothing to disagree about
        ([], None),
    ],
)
def test_extremes(labellers: list[list[int]], expected: float | None) -> None:
    assert alpha(_units(*labellers)) == expected


def test_units_may_have_different_numbers_of_labellers() -> None:
    # yes 4, no 3; unit one has 2 x 1 pairs at odds, over 3 - 1 labellers; unit two none; three 1
    units = [[True, True, False], [False, False], [True, False], [True, True]]
    assert alpha(units) == pytest.approx(1 - 8 * (2 * 1 / 2 + 1) / (5 * 4))
