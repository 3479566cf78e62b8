"""Police National Computer and criminal record numbers."""

from __future__ import annotations

import re

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

# Modulus 23 of two digits of year and seven of serial, as the prison service's open-source
# person-record service checks it (PNCIdValidator). I, O and S are not used.
_CHECK = "ZABCDEFGHJKLMNPQRTUVWXY"
_PARTS = re.compile(r"(?:\d\d)?(\d\d)[/\- ]?(\d{1,7})([A-Z])", re.IGNORECASE)


def check_letter(year: str, serial: str) -> str:
    """The letter that ends PNC ID ``year/serial``: two digits of year, up to seven of serial."""
    return _CHECK[int(year + serial.zfill(7)) % len(_CHECK)]


class PncId(ChatPattern):
    """``97/123456R`` and ``1997/0123456R`` with the right letter; any letter after ``PNC ID``."""

    KIND = Kind.PNC_ID
    PATTERNS = patterns((0.3, r"(?<![\w/])(?:19|20)?\d\d/\d{1,7}[A-Z](?![\w/])"))
    CONTEXT = ("pnc", "pncid", "pnc id", "nominal", "wanted")

    def validate_result(self, pattern_text: str) -> bool | None:
        """Certain where the letter checks; left to context where it does not."""
        parts = _PARTS.fullmatch(pattern_text)
        if parts and check_letter(parts[1], parts[2]) == parts[3].upper():
            return True
        return None


class StatedPncId(ChatPattern):
    """Whatever follows ``PNC ID`` or ``CRO``."""

    KIND = Kind.PNC_ID
    PATTERNS = patterns(
        (
            0.9,
            r"\b(?:pnc ?id|pnc|cro)(?: (?:number|num|no|ref))?(?: is)?[ :.\-#]*"
            r"\K(?:\d{2,4}[/\- ])?\d{3,7}(?:/\d{2})?[A-Z](?:/\d{2})?\b",
        ),
    )
