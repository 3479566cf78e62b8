"""Names of operations."""

import pytest

from pipelines.deidentify.recognisers.operation import Operation
from tests.unit.recognisers.table import Finder, check

finder = Finder(Operation())

ROWS = [
    "[[Op Teasel]] briefing",
    "[[op larkspur]] at 6",
    "[[Operation SALTMARSH]]",
    "op order is out",
    "operation went well",
    "hip op on monday",
    "the opening hours",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
