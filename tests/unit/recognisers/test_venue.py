"""Pubs, schools, shops and stations."""

import pytest

from pipelines.deidentify.recognisers.venue import SignOrShop, Venue
from tests.unit.recognisers.table import Finder, check

finder = Finder(Venue(), SignOrShop())

ROWS = [
    "[[Larchfield Primary]] at three",
    "fight at [[the Red Lion]]",
    "outside [[Tesco]]",
    "[[Wenford Royal Infirmary]] A&E",
    "[[Harrowgate Arms]] again",
    "[[St Osyth's car park]]",
    "job at [[Aldi]]",
    "anyone want Greggs",
    "back at the station",
    "High School run",
    "the hospital is busy",
    "The Station is cold",
    "Same car park as before?",
    "Advice. What hospital",
    "[[St. Osyth's car park]]",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
