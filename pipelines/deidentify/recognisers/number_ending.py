"""The last digits of a number: enough to tell whose it is among few."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_DIGITS = r"\d{3,5}(?![\d:]|[.]\d)"


class NumberEnding(ChatPattern):
    """``ends 4408``, ``ending 7702, 7703``, ``last four 0077``; ``ends 1900`` is a time."""

    KIND = Kind.REFERENCE
    PATTERNS = patterns(
        (
            0.7,
            rf"\b(?:end|ends|ending|last (?:four|4|three|3)(?: (?:digits?|numbers?))?)"
            rf"(?: (?:in|is|are|with|was))?[ :]*\K{_DIGITS}(?:(?:,| and| or|, and) {_DIGITS})*",
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject a time on the quarter hour."""
        return len(pattern_text) == 4 and pattern_text < "2400" and pattern_text[2:] in _QUARTERS


_QUARTERS = {"00", "15", "30", "45"}
