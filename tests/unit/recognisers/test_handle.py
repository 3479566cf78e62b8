"""Handles."""

import pytest

from pipelines.deidentify.recognisers.handle import Handle
from tests.unit.recognisers.table import Finder, check

finder = Finder(Handle())

ROWS = [
    "[[@dave_s88]] you about",
    "[[@dave.smith]] look",
    "insta is [[dave.s88]]",
    "snap: [[davo99]]",
    "insta: [[bigdave]]",
    "gamertag [[xX_slayer_Xx]]",
    "[[some_user]] posted it",
    "@10pm",
    "@work",
    "see you @ 6",
    "_really_ good",
    "snap out of it",
    "do the snap one. emergency",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
