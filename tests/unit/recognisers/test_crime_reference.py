"""Crime references in the forces' styles."""

import pytest

from pipelines.deidentify.recognisers.crime_reference import CrimeReference
from tests.unit.recognisers.table import Finder, check

finder = Finder(CrimeReference())

ROWS = [
    "[[22/12345/24]]",
    "[[CR/012345/24]]",
    "[[KD/23456/26]] is yours",
    "crime number [[1234567/24]]",
    "[[06C1/1234/24]]",
    "[[43240012345]] crimed",
    "crime ref [[AB123456]]",
    "occurrence [[24000123456]]",
    "niche [[42/1234/24]]",
    "[[45A123456]] please",
    "ref [[12345678]]",
    "12/03/24",
    "crime is up",
    "24/7",
    "2024 crime",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
