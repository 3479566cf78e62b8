"""Numbers and codes too long or too structured to count anything."""

import pytest

from pipelines.deidentify.recognisers.reference import Reference
from tests.unit.recognisers.table import Finder, check

finder = Finder(Reference())

ROWS = [
    "[[5026/118/7743]]",
    "link it to [[AS-26-118804]]",
    "[[1326*77410]] is the one",
    "paper says [[26 stroke 40917]]",
    "[[26RV3019]]",
    "[[999 014 2276]] off the bracelet",
    "council one is [[LCS 600417]]",
    "tag [[600417]]",
    "[[A4471XY]]",
    "12,000 people",
    "raised £45000 mate",
    "41000 steps today",
    "me with my 41000 unread",
    "back on 12/03/2026",
    "0700-1900",
    "2025-2026 season",
    "the 50/50 draw",
    "covid-2019",
    "ran 10.5 k",
    "2 4 15",
    "20 30 40",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
