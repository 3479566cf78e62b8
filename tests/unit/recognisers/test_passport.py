"""Passport numbers."""

import pytest

from pipelines.deidentify.recognisers.passport import Passport
from tests.unit.recognisers.table import Finder, check

finder = Finder(Passport())

ROWS = [
    "passport number [[123456789]]",
    "passport [[AB1234567]]",
    "[[AB1234567]] on the desk",
    "123456789 in the tin",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
