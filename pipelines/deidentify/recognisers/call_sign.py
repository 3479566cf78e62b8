"""Radio call signs."""

from __future__ import annotations

import re

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns
from pipelines.deidentify.recognisers.vehicle import DIGIT_WORD, PHONETIC

_NOVEMBER_DATE = re.compile(r"november[ \-]?\d{1,2}", re.IGNORECASE)
_NUMBER = rf"(?:\d{{1,3}}|{DIGIT_WORD}(?:[ \-]{DIGIT_WORD}){{0,3}})"
# Forms, kit and the words that run into a number: ``mg11``, ``wd40``, ``at10``.
_NO_SIGN = (
    r"(?:mg|wd|cs|ps|ic|sc|up|at|in|by|to|no|of|on|is|so|my|we|he|me|do|go|us|an|as|be|or|am|pm|if|"
    r"ok|id|vs|ed|re|gt|rs|tv|pc|co|ch|pg|gb|mb|km|mm|cm|ft|kg|dc|ac|kw|hp|fy|gp|bw|xl|fm|dab|rb|yr)"
)
_NO_SPACED_SIGN = (
    r"(?:al|ko|hw|lw|ht|ft|et|vo|va|nw|se|sw|ne|hr|dv|da|cv|qr|lv|iv|cc|op|rd|ca|oo|aa)"
)


class CallSign(ChatPattern):
    """``Bravo 21``, ``tango two one``, ``Sierra Oscar 90``, ``NPAS 21``, ``callsign XR41``."""

    KIND = Kind.CALL_SIGN
    PATTERNS = patterns(
        (
            0.75,
            rf"\b{PHONETIC}(?:[ \-]{PHONETIC}){{0,2}}[ \-]?{_NUMBER}\b(?![ ]?(?:st|nd|rd|th|"
            r":|am|pm)\b|[:/]\d)",
        ),
        (0.8, r"\bnpas[ \-]?\d{1,3}\b"),
        (
            0.85,
            r"\b(?:call ?sign|c/s)(?: (?:is|was|of|for|today|tonight))*[ :.\-]*\K(?=\w*\d)"
            r"[A-Z]{0,4}[ ]?\d{1,4}[A-Z]{0,2}\b",
        ),
        (0.5, rf"(?<![\w/£.])(?!{_NO_SIGN}\d)[A-Z]{{2}}\d{{2}}(?![\w/]|[.:]\d)"),
        (
            0.45,
            rf"(?<![\w/£.'-])(?!{_NO_SIGN} |{_NO_SPACED_SIGN} )(?-i:[A-Z]{{2}}) \d{{1,2}}"
            r"(?![\w/%-]|[.:]\d| ?(?:hrs?|hours?|mins?|days?|weeks?|miles?|am|pm|quid|x)\b)",
        ),
        (
            0.7,
            r"\b(?:crew(?:ed|ing)?(?: up)?|show(?:ing)?(?: me| us)?)(?: (?:on|as|in|with))? "
            r"\K(?-i:[A-Z]{1,3}\d{1,3}[A-Z]?)\b",
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject a date in November."""
        return _NOVEMBER_DATE.fullmatch(pattern_text) is not None
