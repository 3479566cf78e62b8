"""Telephone numbers as British people write and say them."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_GAP = r"[ \-./()\t]{0,2}"
_EXTENSION = r"(?:[ ,]*(?:ext(?:ension|n)?|x)\.?[ ]?\d{1,6})?"
_WORD = r"(?:zero|nought|oh|one|two|three|four|five|six|seven|eight|nine|double|treble|triple)"
_SPOKEN = (
    r"(?:zero|nought|naught|oh|o|one|two|three|four|five|six|seven|eight|nine|"
    r"double|treble|triple|\d+)"
)


class Phone(ChatPattern):
    """``07700 900123``, ``+44 (0)20 7946 0999 ext 12``, ``oh double seven ...``, foreign numbers
    with a plus, and bare local numbers or extensions after a word such as ``call``."""

    KIND = Kind.PHONE
    PATTERNS = patterns(
        (
            0.95,
            rf"(?<![\w£+])(?:\+|00){_GAP}44{_GAP}(?:0{_GAP})?(?:\d{_GAP}){{8,9}}\d(?!\d)"
            rf"{_EXTENSION}",
        ),
        (
            0.9,
            rf"(?<![\w£.,])(?!\d\d[./\-]\d\d[./\-]\d)\(?0[1-9]{_GAP}(?:\d{_GAP})"
            rf"{{7,8}}\d(?!\d|:\d){_EXTENSION}",
        ),
        (0.9, rf"(?<![\w£])\+{_GAP}[1-9]{_GAP}(?:\d{_GAP}){{6,13}}\d(?!\d){_EXTENSION}"),
        (0.85, r"(?<![\w£+])44[ ]?7\d{3}[ ]?\d{6}(?!\d)"),
        (0.6, r"(?<![\w£+.])7\d{3}[ ]?\d{6}(?!\d)"),
        (
            0.7,
            r"\b(?:call|ring|tel|telephone|phone|mob|mobile|text|whatsapp|landline|number is|"
            r"number's|num|no\.|dial|bell)(?: (?:me|him|her|them|us|control|it))?(?: (?:is|on|at))?"
            rf"[ :.\-]*\K\d{{2,5}}{_GAP}\d{{3,4}}{_GAP}\d{{0,4}}(?![\d:/]|[ ]?(?:hrs|am|pm)\b)",
        ),
        (0.7, r"\b(?:ext|extn|extension)\.?[ ]?(?:no\.?|number)?[ ]?(?:is )?\K\d{2,6}\b"),
        (0.8, rf"(?<![\w£])0\d{{2,6}}[ ]?(?:\d{{1,6}} )?(?:{_WORD} ){{2,8}}{_WORD}\b"),
        (0.8, rf"\b(?:oh|o|zero|nought|0)[ ,\-]+(?:{_SPOKEN}[ ,\-]+){{5,14}}{_SPOKEN}\b"),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject emergency numbers and digit runs too short or too long to dial."""
        digits = sum(c.isdigit() for c in pattern_text)
        return pattern_text.strip() in {"999", "101", "111", "112"} or digits > 20
