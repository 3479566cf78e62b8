"""International bank account numbers."""

from __future__ import annotations

import string

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_VALUE = {c: str(v) for v, c in enumerate(string.digits + string.ascii_uppercase)}


class Iban(ChatPattern):
    """Any country's, in groups or not, checked modulo 97 (ISO 13616). Presidio's own pattern
    tries every country's length at every position, at fifty times the cost."""

    KIND = Kind.IBAN
    CONTEXT = ("iban", "swift", "bic")
    PATTERNS = patterns(
        (0.5, r"(?<!\w)[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,3})?(?!\w)")
    )

    def validate_result(self, pattern_text: str) -> bool:
        """The check digits hold."""
        plain = "".join(c for c in pattern_text.upper() if c.isalnum())
        digits = "".join(_VALUE.get(c, "") for c in plain[4:] + plain[:4])
        return int(digits) % 97 == 1
