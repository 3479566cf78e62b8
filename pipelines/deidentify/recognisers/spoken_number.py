"""Numbers spelt out digit by digit."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_DIGIT = r"(?:zero|nought|naught|oh|one|two|three|tree|four|fore|five|six|seven|eight|nine|niner)"
_GAP = r"(?:[ ,\-]+| stroke | slash | dash )"
_EMERGENCY = {"nine nine nine", "one oh one", "one one one", "one one two", "one two three",
              "three two one", "two one two", "one two one", "one to one"}  # fmt: skip


class SpokenNumber(ChatPattern):
    """``three oh nine six``, ``nine three one stroke 26``, ``FN three four zero two``."""

    KIND = Kind.REFERENCE
    PATTERNS = patterns(
        (
            0.7,
            rf"\b(?:(?-i:[A-Z]{{1,3}}) )?(?:(?:double|treble|triple) )?{_DIGIT}"
            rf"(?:{_GAP}(?:double |treble |triple )?{_DIGIT}){{2,}}"
            r"(?:(?: stroke | slash | dash )\d{1,4})?\b",
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject the numbers anybody dials, and counting."""
        return " ".join(pattern_text.lower().replace(",", " ").split()) in _EMERGENCY
