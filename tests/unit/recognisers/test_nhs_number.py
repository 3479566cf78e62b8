"""NHS numbers."""

import pytest

from pipelines.deidentify.recognisers.nhs_number import NhsNumber, StatedNhsNumber
from tests.unit.recognisers.table import Finder, check

finder = Finder(NhsNumber(), StatedNhsNumber())

ROWS = [
    "[[999 000 0018]]",
    "[[9990000018]]",
    "NHS number [[999 000 0019]]",
    "0113 496 0123",
    "999 000 0019",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
