"""Addresses."""

import pytest

from pipelines.deidentify.recognisers.address import Address
from tests.unit.recognisers.table import Finder, check

finder = Finder(Address())

ROWS = [
    "[[flat 2/1, 88 Gorse Street]]",
    "[[15 Braeside Loan]]",
    "at [[31 Ffordd Cwm]] now",
    "[[2 Chapel Fold]], no reply",
    "4 Red Bulls",
    "had 3 Happy Meals",
    "[[14 Larch Road]], first floor",
    "[[14 larch road]] again",
    "[[Flat 3b, 22 High Street]]",
    "[[flat 4]] answer the door",
    "[[Larch Road]] is shut",
    "at the top of [[Kestle Lane]]",
    "on [[milton road]]",
    "[[23a Brambleforth Rise]]",
    "[[142 Wexcombury Hollow]]",
    "lives above [[the chip shop]] on the left",
    "lives at [[22]]",
    "the high street",
    "down the road",
    "on the same street",
    "5 mins up the road",
    "2 close calls",
    "back in the yard",
    "I park here",
    "we drove back",
    "he is on E block",
    "at crown court by ten",
    "from the vantage point",
    "the recovery yard",
    "thanks all. Court tomorrow",
    "M6 J38 lane 1 closed",
    "[[14 St. Osyth Lane]] first",
    # the commonest street names, ordinary words all
    "job on [[station road]]",
    "[[new street]] is shut",
    "[[front street]] again",
    "[[4 the green]], no reply",
    "keeper of [[12/3 Lintmill Court]]",
    # a house by its number alone
    "[[no 12]] saw a lad, [[number 20]] is deaf",
    "curtains twitch at [[number 5]].",
    "neighbour at [[31]] says moved out",
    "cctv at [[no 8]], ring doorbell",
    "no 3 of us",
    "neighbour at 10am",
    "48 hours then court",
    "the village hall",
    "on the retail park",
    "im at the tyre place",
    "nobody park here",
    "If green, breathe out",
    "What court?",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
