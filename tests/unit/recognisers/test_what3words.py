"""what3words addresses."""

import pytest

from pipelines.deidentify.recognisers.what3words import What3Words
from tests.unit.recognisers.table import Finder, check

finder = Finder(What3Words())

ROWS = [
    "[[plank.otters.sulking]] it is",
    "///[[filled.count.soap]]",
    "w3w [[filled.count.soap]]",
    "what3words is [[filled.count.soap]]",
    "e.g. this.and.that",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
