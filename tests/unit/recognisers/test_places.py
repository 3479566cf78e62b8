"""Places by the gazetteer."""

import pytest

from pipelines.deidentify.recognisers.places import Places
from tests.unit.recognisers.table import Finder, check

finder = Finder(Places())

ROWS = [
    "job in [[Middlesbrough]]",
    "[[middlesbrough]] again",
    "over in [[Reading]] tonight",
    "reading it now",
    "[[Odd Down]] is quiet",
    "[[Stoke-on-Trent]]",
    "for sale in the paper",
    "battle on",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
