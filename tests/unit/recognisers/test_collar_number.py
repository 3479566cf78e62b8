"""Numbers of officers, and figures that are not."""

import pytest

from pipelines.deidentify.recognisers.collar_number import CollarNumber
from tests.unit.recognisers.table import Finder, check

finder = Finder(CollarNumber())

ROWS = [
    "PC [[2981]] is on the van",
    "pc[[2981]] can you call in",
    "PS [[44]] has the keys",
    "Sgt [[123]] and DC [[9087]]",
    "T/Insp [[512]] duty",
    "shoulder number [[4471]]",
    "my collar is [[B 3312]]",
    "collar no: [[KD4417]]",
    "warrant [[215044]]",
    "epaulette number is [[778]]",
    "[[4471]] to control",
    "show [[4471]] committed please",
    "any chance of a swap with [[6612]]",
    "[[3312]] Khan, can you log on",
    "PCSO [[7719]] is with the school",
    "DS [[9912AB]] has it",
    "finish at 1900 tonight",
    "PC 999 call came in",
    "sgt 10 mins late",
    "show me at 0700",
    "we started in 2019",
    "PS5 going cheap",
    "from 1930 to 2200",
    "inspector is off",
    "£4471 in the tin",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
