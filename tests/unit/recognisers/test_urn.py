"""Unique reference numbers."""

import pytest

from pipelines.deidentify.recognisers.urn import Urn
from tests.unit.recognisers.table import Finder, check

finder = Finder(Urn())

ROWS = [
    "URN [[01AB1234524]]",
    "[[01AB1234524]]",
    "[[43 AB 12345 24]]",
    "urn: [[12 34567 24]]",
    "[[22KD1234567]] is back",
    "URN missing",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
