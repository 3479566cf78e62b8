"""Rounded counts of a quarter beside those of its months."""

from __future__ import annotations

import pytest

from pipelines.release.cells import MESSAGES, Cell, Group
from pipelines.release.disclosure import Outcome
from pipelines.release.figures import Counts, Denominator
from pipelines.release.policy import Support

QUARTER = Cell("2026-Q1", "E23000001")
MONTHS = [Cell(f"2026-0{n}", "E23000001") for n in (1, 2, 3)]


def _counted(messages: int, people: int) -> Outcome:
    support = Support(messages, people, people, 5, 20, 40)
    group = Group(support, {"all": support})
    return Outcome({MESSAGES: frozenset({QUARTER})}, {(MESSAGES, QUARTER): group})


# months published (messages, people)      quarter counted    quarter published
CASES = [
    ([], (1003, 23), (1005, 25)),
    ([(300, 20)], (1003, 23), (1005, 20)),
    ([(300, 20), (310, 25), (320, 20)], (1003, 34), (930, 25)),
]


@pytest.mark.parametrize(("months", "counted", "published"), CASES)
def test_a_quarter_never_tells_how_few_came_beside_a_published_month(
    months: list[tuple[int, int]], counted: tuple[int, int], published: tuple[int, int]
) -> None:
    counts = Counts(_counted(*counted))
    for cell, month in zip(MONTHS, months, strict=False):
        counts.denominators[cell] = Denominator(*month)
    counts.add(QUARTER, [])
    assert counts.denominators[QUARTER] == Denominator(*published)
