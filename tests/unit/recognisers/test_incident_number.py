"""Command-and-control logs."""

import pytest

from pipelines.deidentify.recognisers.incident_number import IncidentNumber
from tests.unit.recognisers.table import Finder, check

finder = Finder(IncidentNumber())

ROWS = [
    "[[3320/16APR]]",
    "[[Log's 0729]]",
    "[[CAD 1234]]",
    "[[cad 1234 of 12/03]]",
    "[[CAD 1234/12MAR24]]",
    "[[log 345 of today]] is on hold",
    "[[log 345]]",
    "[[inc 0123-120324]]",
    "[[incident number 1234 of 12/03/24]]",
    "[[1234 of 12/03]] is ours",
    "[[123 of yesterday]] still open",
    "[[0123-120324]]",
    "log on at 7",
    "job 1 of many",
    "2 of us",
    "log off",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
