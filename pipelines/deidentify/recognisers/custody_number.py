"""Custody record numbers."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns


class CustodyNumber(ChatPattern):
    """``custody 1234/24``, ``KF/01234/24``, ``CR no 01KL/1234/24``, ``DP number 456``."""

    KIND = Kind.CUSTODY_NUMBER
    PATTERNS = patterns(
        (
            0.96,
            r"\b(?:custody|cust|detention|dp)(?: (?:record|rec|ref|reference|no|num|number|id))*"
            r"(?: is)?[ :.\-#]*\K(?:[A-Z0-9]{1,4}[/\-])?\d{3,7}(?:[/\-](?:20)?\d\d)?\b"
            r"(?! ?(?:hrs|am|pm|mins|hours)\b|:)",
        ),
        (0.88, r"(?<![\w/])(?:\d{2})?[A-Z]{2}/\d{3,6}/(?:20)?2\d(?![\w/])"),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject times of day: ``custody 0700``."""
        return (
            len(pattern_text) == 4
            and pattern_text.isdigit()
            and pattern_text[:2] < "24"
            and pattern_text[2] < "6"
        )
