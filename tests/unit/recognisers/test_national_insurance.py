"""National Insurance numbers."""

import pytest

from pipelines.deidentify.recognisers.national_insurance import NationalInsurance
from tests.unit.recognisers.table import Finder, check

finder = Finder(NationalInsurance())

ROWS = [
    "[[ZY 12 34 56 C]]",
    "[[ZY123456C]] is hers",
    "NI number [[QQ 12 34 56 C]]",
    "nino: [[qq123456]]",
    "AB 12 34 apples",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
