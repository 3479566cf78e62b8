"""PNC and criminal record numbers; the letter of 97/123456 is R by modulus 23."""

import pytest

from pipelines.deidentify.recognisers.pnc_id import PncId, StatedPncId
from tests.unit.recognisers.table import Finder, check

finder = Finder(PncId(), StatedPncId())

ROWS = [
    "[[97/123456R]]",
    "[[1997/0123456R]]",
    "PNC [[97/123456A]]",
    "pnc id is [[01/44321K]]",
    "CRO [[12345/99A]]",
    "[[2008/0056560Z]]",
    "97/123456A",
    "pnc check on him please",
    "24/7 cover",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
