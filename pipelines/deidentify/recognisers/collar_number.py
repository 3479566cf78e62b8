"""Collar, shoulder, epaulette and warrant numbers."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns
from pipelines.deidentify.recognisers.ranks import RANK

_NUMBER = r"(?:(?-i:[A-Z]{1,2})[/ ]?)?\d{2,6}(?-i:[ ]?[A-Z]{1,2})?"
# Quantities, times and dates are not numbers of people.
_NOT_A_QUANTITY = (
    r"(?![:/.]?\d|[ ]?(?:mins?|minutes?|hours?|hrs?|h|am|pm|x|days?|weeks?|wks?|months?|years?"
    r"|yrs?|%|quid|pounds?|k|miles?|of (?:us|them)|people|times|st|nd|rd|th|min|hundred)\b)"
)
_RADIO = r"(?:show(?:ing)?|from|for|with|to|is|get|tell|ask|state|and|crewed with|via|cc|ring)"


class CollarNumber(ChatPattern):
    """``PC 2981``, ``shoulder number 4471``, ``warrant 215044``, ``4471 to control``.

    Four bare digits count only if they cannot be a time of day (so ``1900`` and ``0630`` stay)
    and a radio word stands beside them.
    """

    KIND = Kind.COLLAR_NUMBER
    PATTERNS = patterns(
        (0.85, rf"\b{RANK}s?\.?[ ]?(?:no\.?[ ]?|number[ ]?|#)?\K{_NUMBER}\b{_NOT_A_QUANTITY}"),
        (
            0.9,
            r"\b(?:collar|shoulder|epaulette?s?|warrant|numerals?|fin|badge|pnn|payroll|staff|"
            r"employee|force)[ ]?(?:card)?[ ]?(?:numbers?|num|no|id|#)?[ ]?"
            r"(?:is|are|was|:|\.|=|#|-)*[ ]{0,2}"
            rf"\K(?:[A-Z]{{1,3}}[/ ]?)?\d{{2,8}}(?-i:[A-Z]{{1,2}})?\b{_NOT_A_QUANTITY}",
        ),
        (
            0.6,
            rf"\b{_RADIO} \K(?!19\d\d|20\d\d)(?:(?:2[4-9]|[3-9]\d)\d\d|[01]\d[6-9]\d|"
            r"2[0-3][6-9]\d)\b" + _NOT_A_QUANTITY,
        ),
        (
            0.6,
            r"(?:^|(?<=[\n.,;]))[ ]*\K(?!19\d\d|20\d\d)"
            r"(?:(?:2[4-9]|[3-9]\d)\d\d|[01]\d[6-9]\d|2[0-3][6-9]\d)\b"
            r"(?= (?:to|here|is|are|and|can|has|free|received|show|going|from|committed|on|was)\b)",
        ),
        # a number before a capitalised surname: "4471 Khan"
        (
            0.6,
            r"\b\K(?!19\d\d|20\d\d)\d{3,5}(?= (?-i:[A-Z][a-z]{2,})(?:$|[,.;!?\n]| (?:on|is|to)\b))",
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject emergency and non-emergency numbers."""
        return pattern_text in {"999", "101", "111", "112"}
