"""Number plates in every style."""

import pytest

from pipelines.deidentify.recognisers.vehicle import Vehicle
from tests.unit.recognisers.table import Finder, check

finder = Finder(Vehicle())

ROWS = [
    "[[AB12 CDE]] is stolen",
    "[[ab12cde]] made off",
    "[[AB12CDE]].",
    "[[AB 12 CDE]] parked up",
    "[[A123 BCD]] seen",
    "index [[a123bcd]]",
    "[[ABC 123D]]",
    "reg [[abc123d]]",
    "reg [[AIZ 1234]]",
    "index [[ab12 cde]]",
    "partial reg [[AB12]]",
    "[[alpha bravo one two charlie delta echo]]",
    "the A45 and the M25",
    "in 20 min",
    "at 10 the sarge called",
    "IC3 male",
    "up to 50 per day",
    "bus 45 via town",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
