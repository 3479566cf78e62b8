"""Driving licence numbers."""

import pytest

from pipelines.deidentify.recognisers.driving_licence import DrivingLicence
from tests.unit.recognisers.table import Finder, check

finder = Finder(DrivingLicence())

ROWS = [
    "[[MORGA657054SM9IJ]]",
    "licence [[morga657054sm9ij]]",
    "[[MORGA 657054 SM9IJ]]",
    "[[FOX99 657054 SM9IJ]]",
    "MORGAN is off",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
