"""IP addresses."""

import pytest

from pipelines.deidentify.recognisers.ip_address import IpAddress
from tests.unit.recognisers.table import Finder, check

finder = Finder(IpAddress())

ROWS = [
    "from [[192.168.1.10]]",
    "[[2001:db8::ff00:42:8329]]",
    "at 12:30:45",
    "v1.2.3",
    "nice :: one",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
