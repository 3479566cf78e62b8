"""Exhibit references."""

import pytest

from pipelines.deidentify.recognisers.exhibit import Exhibit
from tests.unit.recognisers.table import Finder, check

finder = Finder(Exhibit())

ROWS = [
    "holdall is [[PDQ/1]]",
    "exhibit [[TR 1]] seized",
    "exhibit nos [[WLB7]] and the swab",
    "bagged as [[QRT12]]",
    "MG11 and MG5",
    "MG/11",
    "and/or 4",
    "a TV/2 aerial",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
