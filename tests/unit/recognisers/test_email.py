"""E-mail addresses."""

import pytest

from pipelines.deidentify.recognisers.email import Email
from tests.unit.recognisers.table import Finder, check

finder = Finder(Email())

ROWS = [
    "send it to [[dave.smith@example.com]]",
    "[[d.o'neill+work@mail.example.co.uk]], ta",
    "📧[[a@example.org]]📧",
    "[[dave at example dot com]]",
    "[[dave.smith (at) example (dot) co (dot) uk]]",
    "[[dave@pnn]] bounced",
    "meet at the dot",
    "see you @ 9",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
