"""Postcodes."""

import pytest

from pipelines.deidentify.recognisers.postcode import Postcode
from tests.unit.recognisers.table import Finder, check

finder = Finder(Postcode())

ROWS = [
    "[[M14 5TP]]",
    "[[m14 5tp]] please",
    "[[EC1A 1BB]]",
    "[[se15 3xx]]",
    "[[AC12 3AB]] is the back gate",
    "postcode is [[SE15]]",
    "lives in [[SE15]]",
    "in the [[LS6]] area",
    "M25 J10",
    "M6 2nd exit",
    "A45 4pm",
    "IC3 6ft",
    "in M14",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
