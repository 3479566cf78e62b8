"""Telephone numbers in the ways they are written."""

import pytest

from pipelines.deidentify.recognisers.phone import Phone
from tests.unit.recognisers.table import Finder, check

finder = Finder(Phone())

ROWS = [
    "ring me on [[07700 900123]]",
    "[[07700900123]]",
    "[[+44 7700 900123]] is hers",
    "[[+44 (0)20 7946 0999]]",
    "[[0044 7700 900 123]]",
    "[[(0113) 496 0123]]",
    "[[0113 496 0123 ext 42]]",
    "[[01632 960 123]] is the shop",
    "[[07700-900-123]]!",
    "[[07.700.900.123]]",
    "new number [[447700900123]]",
    "[[+33 6 12 34 56 78]] from France",
    "[[+1 202 555 0143]]",
    "ext [[4412]] for the desk",
    "call [[496 0123]] for the yard",
    "[[oh double seven oh oh nine oh oh one two three]]",
    "[[07700900123]]/[[07700900124]]",
    "[[07700 900 one two three]]",
    "on 0700-1500 then 1500-2300",
    "call 101 or 999",
    "0700 1900 0700 1900",
    "call me at 1930",
    "log 1234 of today",
    "1234567890123456789012",
    "it cost 10,000,000 quid",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
