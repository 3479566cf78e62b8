"""Devices and attached files."""

import pytest

from pipelines.deidentify.recognisers.device import ContactCard, Device, FileName
from tests.unit.recognisers.table import Finder, check

finder = Finder(Device(), FileName(), ContactCard())

ROWS = [
    "imei [[490154203237518]]",
    "IMEI number [[49 015420 323751 8]]",
    "[[00:1A:2B:3C:4D:5E]]",
    "serial number [[X2600ABCD]]",
    "taser number [[X00-123456]]",
    "[[123e4567-e89b-12d3-a456-426614174000]]",
    "[[IMG-20240101-WA0001.jpg]] (file attached)",
    "<attached: [[00000012-PHOTO-2024-01-01-12-00-00.jpg]]>",
    "[[Smith v Jones statement.docx]] (file attached)",
    "[[Dave Smith]].vcf (file attached)",
    "see [[statement_khan.pdf]]",
    "taser issued",
    "<Media omitted>",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
