"""The last digits of a number."""

import pytest

from pipelines.deidentify.recognisers.number_ending import NumberEnding
from tests.unit.recognisers.table import Finder, check

finder = Finder(NumberEnding())

ROWS = [
    "card ends [[4408]]",
    "refs ending [[7702, 7703]]",
    "last four [[0077]]",
    "last 3 digits are [[447]]",
    "ends in [[7731]]",
    "shift ends 1900",
    "match ends 2145",
    "ends 22:00",
    "ends 3.5 up",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
