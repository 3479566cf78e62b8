"""Numbers and codes too long or too structured to count anything, whatever they are called."""

from __future__ import annotations

import re

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns
from pipelines.deidentify.recognisers.ranks import RANK

_UNIT = (
    r"(?! ?(?:quid|pounds?|k\b|steps|people|fans|followers|views|likes|miles|metres|calories|words|"
    r"hours|hrs|mins|volts|euros?|lumens|mah|officers|visitors|revs|rpm|ft\b|kg|p\b))"
)
_DATE = re.compile(r"(?:[0-3]?\d[/\-.][01]?\d[/\-.](?:20)?\d\d|20\d\d[/\-.][01]\d[/\-.][0-3]\d)")


class Reference(ChatPattern):
    """``5026/118/7743``, ``AS-26-118804``, ``LN 61702``, ``600417``: a code in parts with at least
    four digits, or five digits in a row that are no amount."""

    KIND = Kind.REFERENCE
    PATTERNS = patterns(
        (
            0.55,
            r"(?<![\w/£$€.,\-])(?=[\w/*\-]*\d{3})(?=(?:[A-Z/*\-]*\d){4})"
            r"[A-Z0-9]{1,8}(?:[/*\-][A-Z0-9]{1,10}){1,4}(?![\w/\-])",
        ),
        (0.55, r"(?<![\w/£$€.,])\d{2,6} stroke \d{2,7}\b"),
        (0.55, r"(?<![\w/£$€.,])\d{2}[A-Z]{2,3}\d{4,9}\b"),
        (0.6, r"(?<![\w/£$€.,+])\d{2,7}(?: \d{2,7}){1,4}(?<=\d{3}[ \d]{6,})(?![\w:]|[.,]\d)"),
        (
            0.55,
            rf"(?<![\w/£$€.,])(?!{RANK})(?-i:[A-Z]{{1,4}})[ \-]?\d{{4,9}}(?-i:[A-Z]{{0,2}})\b"
            rf"{_UNIT}",
        ),
        (
            0.5,
            r"(?<![\w/£$€.,:])(?!\d{2,3}000\b)\d{5,12}(?-i:[A-Z]{0,2})\b(?![.,]\d)"
            rf"{_UNIT}",
        ),
        (0.5, r"(?<![\w/£$€.,])(?-i:[A-Z]{2,4} ?\d{2,4} ?[A-Z]{2,3}|[A-Z]\d{4}[A-Z]{2})(?![\w/])"),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject dates, spans of years or hours, and words with a number (``covid-2019``)."""
        if _DATE.fullmatch(pattern_text):
            return True
        hours = re.fullmatch(r"\d{1,4}-\d{1,4}", pattern_text) is not None
        words = re.findall(r"[a-z]{4,}", pattern_text.lower())
        return hours or any(word != "stroke" for word in words)
