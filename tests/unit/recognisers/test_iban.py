"""International account numbers."""

import pytest

from pipelines.deidentify.recognisers.iban import Iban
from tests.unit.recognisers.table import Finder, check

finder = Finder(Iban())

ROWS = [
    "[[GB82 WEST 1234 5698 7654 32]]",
    "[[gb82west12345698765432]]",
    "GB82 WEST 1234 5698 7654 33",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
