"""Radio call signs."""

import pytest

from pipelines.deidentify.recognisers.call_sign import CallSign
from tests.unit.recognisers.table import Finder, check

finder = Finder(CallSign())

ROWS = [
    "[[NW34]] are bringing two in",
    "sending [[zd21]]",
    "at10 then",
    "MG11 done",
    "wd40",
    "[[Bravo 21]] to control",
    "[[tango two one]] free",
    "[[Sierra Oscar 90]] can attend",
    "[[NPAS 21]] is up",
    "[[Echo-14]] on scene",
    "callsign [[XR41]]",
    "crewed as [[KA12]] today",
    "november 12 works for me",
    "hotel was fine",
    "golf on sunday",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
