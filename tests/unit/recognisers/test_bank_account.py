"""Sort codes and accounts."""

import pytest

from pipelines.deidentify.recognisers.bank_account import BankAccount
from tests.unit.recognisers.table import Finder, check

finder = Finder(BankAccount())

ROWS = [
    "sort code [[12-34-56]] account [[12345678]]",
    "acc [[12345678]] sc [[12-34-56]]",
    "[[12-34-56 12345678]]",
    "sort code [[123456]]",
    "send to my monzo [[04-00-04]]",
    "on 12-03-24 at court",
    "12345678 steps today",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
