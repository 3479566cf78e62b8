"""Numbers spelt out digit by digit."""

import pytest

from pipelines.deidentify.recognisers.spoken_number import SpokenNumber
from tests.unit.recognisers.table import Finder, check

finder = Finder(SpokenNumber())

ROWS = [
    "collar [[three oh nine six]]",
    "[[nine three one stroke 26]]",
    "ref [[FN three four zero two]]",
    "[[double four one seven]] for me",
    "dialled nine nine nine",
    "one two three lift",
    "one oh one queue",
    "two of us and one dog",
    "one or two",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
