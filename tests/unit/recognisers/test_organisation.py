"""Organisations that say what they are."""

import pytest

from pipelines.deidentify.recognisers.organisation import Organisation
from tests.unit.recognisers.table import Finder, check

finder = Finder(Organisation())

ROWS = [
    "[[Kestrel Taxis]] have footage",
    "[[Castlemill Tyres Ltd]]",
    "[[Ashcombe Solicitors]] rang",
    "the council rang",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
