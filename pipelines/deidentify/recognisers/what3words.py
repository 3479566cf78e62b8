"""what3words addresses."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_THREE = r"[^\W\d_]{3,}\.[^\W\d_]{3,}\.[^\W\d_]{3,}"
_LONGER = r"[^\W\d_]{4,}\.[^\W\d_]{4,}\.[^\W\d_]{4,}"
_ADDRESS_ENDS = r"\.(?:com|org|net|gov|edu|info|biz|police|html?|pdf|docx?|uk|example|test)"


class What3Words(ChatPattern):
    """``///filled.count.soap``, or three dotted words after ``w3w``."""

    KIND = Kind.WHAT3WORDS
    CONTEXT = ("w3w", "what3words", "what 3 words", "what three words", "3 words", "words")
    PATTERNS = patterns(
        (0.99, rf"/{{2,3}}[ ]?\K{_THREE}\b"),
        (0.3, rf"(?<![\w.@/]){_THREE}(?![\w.@])"),
        (0.5, rf"(?<![\w.@/]){_LONGER}(?<!{_ADDRESS_ENDS})(?![\w.@/])"),
        (
            0.99,
            r"\b(?:w3w|what ?(?:3|three) ?words)(?: (?:is|are|of|for|location))*[ :.\-]*"
            r"\K[a-z]{3,}[.,][a-z]{3,}[.,][a-z]{3,}\b",
        ),
    )
