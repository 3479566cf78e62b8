"""Positions on the map."""

import pytest

from pipelines.deidentify.recognisers.coordinates import Coordinates
from tests.unit.recognisers.table import Finder, check

finder = Finder(Coordinates())

ROWS = [
    "[[51.50340, -0.12760]]",
    "location: [[51.503400,-0.127600]]",
    "[[TQ 29987 80000]]",
    "grid ref [[TQ 299 800]]",
    "5.5 miles, 3.2 left",
    "TV 100 200",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
