"""Custody records."""

import pytest

from pipelines.deidentify.recognisers.custody_number import CustodyNumber
from tests.unit.recognisers.table import Finder, check

finder = Finder(CustodyNumber())

ROWS = [
    "custody record [[KF/01234/24]]",
    "[[KF/01234/24]]",
    "custody no [[1234/24]]",
    "DP number [[4567]]",
    "cust ref [[01KL/1234/24]]",
    "custody 0700 start",
    "custody is full",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
