"""Names of operations."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.lexicon import lexicon, words
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_NOT_NAMES = words("""order orders name names support centre room theatre tonight today the""")


class Operation(ChatPattern):
    """``Op Larkspur``, ``operation TEASEL``; in lower case only a word that is not common."""

    KIND = Kind.OPERATION
    PATTERNS = patterns(
        (0.9, r"\bop(?:eration)?\.? (?-i:[A-Z][A-Za-z]{2,}(?: [A-Z][a-z]{2,})?)\b"),
        (0.85, r"\bop(?:eration)?\.? [a-z]{4,}\b"),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject ``op order`` and, uncapitalised, any of the commonest words."""
        name = pattern_text.split()[1]
        low = name.lower()
        if low in _NOT_NAMES:
            return True
        return name.islower() and (low in lexicon().frequent or low in lexicon().police)
