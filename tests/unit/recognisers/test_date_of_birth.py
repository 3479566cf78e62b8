"""Dates of birth, and other dates."""

import pytest

from pipelines.deidentify.recognisers.date_of_birth import DateOfBirth
from tests.unit.recognisers.table import Finder, check

finder = Finder(DateOfBirth())

ROWS = [
    "born [[eleventh of the second ninety four]]",
    "[[sixth of june seventy seven]]",
    "[[twelve zero six eighty-eight]]",
    "[[2 Nov 46]]",
    "second of the month",
    "dob [[12/03/1985]]",
    "DOB: [[12.3.85]]",
    "d.o.b [[120385]]",
    "born [[3rd March 1990]]",
    "born on [[03-03-90]]",
    "date of birth is [[3 March 1990]]",
    "[[12/03/1985]] is on the form",
    "[[12 March 1985]]",
    "[[12/03/85]] and he's 39",
    "[[12.3.85]] dob",
    "her birthday is [[3rd March]]",
    "court on 12/03/24",
    "leave from 12 March to 19 March",
    "12 March 2024",
    "born and bred",
    "happy birthday",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
