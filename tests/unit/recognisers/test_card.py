"""Payment cards."""

import pytest

from pipelines.deidentify.recognisers.card import Card
from tests.unit.recognisers.table import Finder, check

finder = Finder(Card())

ROWS = [
    "card [[4111 1111 1111 1111]]",
    "[[4111111111111111]]",
    "4111 1111 1111 1112",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
