"""Number plates, in every British style, spaced, lower case, or read out phonetically."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.lexicon import lexicon
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

PHONETIC = (
    r"(?:alfa|alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|"
    r"november|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whisky|whiskey|"
    r"x-?ray|yankee|zulu)"
)
DIGIT_WORD = r"(?:zero|one|two|three|four|five|six|seven|eight|nine|niner|\d{1,2})"
_YEAR = r"(?:0[1-9]|[1-7]\d)"  # 02-29 and 51-79, with room for the years to come
_CONTEXT = [
    "reg",
    "registration",
    "index",
    "plate",
    "plates",
    "vrm",
    "vrn",
    "vehicle",
    "car",
    "van",
    "motorbike",
    "driving",
    "dvla",
    "mot",
    "anpr",
    "stopped",
    "marker",
    "insured",
    "vauxhall",
    "ford",
    "bmw",
    "audi",
    "astra",
    "corsa",
    "golf",
    "fiesta",
    "focus",
    "merc",
    "transit",
    "moped",
]


class Vehicle(ChatPattern):
    """``AB12 CDE``, ``ab12cde``, ``A123 BCD``, ``ABC 123D``, ``AIG 1234`` near a word such as
    ``index``, and ``alpha bravo one two charlie delta echo``."""

    KIND = Kind.VEHICLE
    CONTEXT = tuple(_CONTEXT)
    PATTERNS = patterns(
        (0.85, rf"(?<!\w)[A-HJ-PR-Y][A-HJ-PR-Y]{_YEAR}[- ]?[A-HJ-PR-Z]{{3}}(?!\w)"),
        (0.7, rf"(?<!\w)(?-i:[A-HJ-PR-Y][A-HJ-PR-Y] {_YEAR} [A-HJ-PR-Z]{{3}})(?!\w)"),
        (0.6, r"(?<!\w)(?-i:[A-HJ-NPR-TV-Y]\d{1,3}[- ]?[A-HJ-PR-Y][A-HJ-PR-Z]{2})(?!\w)"),
        (0.6, r"(?<!\w)(?-i:[A-HJ-PR-Z]{3}[- ]?\d{1,3}[- ]?[A-HJ-NPR-TV-Y])(?!\w)"),
        (0.2, rf"(?<!\w)[A-HJ-PR-Y][A-HJ-PR-Y] {_YEAR} [A-HJ-PR-Z]{{3}}(?!\w)"),
        (0.2, r"(?<!\w)[A-HJ-NPR-TV-Y]\d{1,3}[- ]?[A-HJ-PR-Y][A-HJ-PR-Z]{2}(?!\w)"),
        (0.2, r"(?<!\w)[A-HJ-NPR-TV-Y] \d{1,3} [A-HJ-PR-Y][A-HJ-PR-Z]{2}(?!\w)"),
        (0.2, r"(?<!\w)[A-HJ-PR-Z]{3}[- ]?\d{1,3}[- ]?[A-HJ-NPR-TV-Y](?!\w)"),
        (0.2, r"(?<!\w)(?-i:[A-Z]{3} ?\d{1,4}|[A-Z]{2} ?\d{3,4})(?!\w)"),
        (
            0.6,
            r"\b(?:reg|index|plate|vrm|vrn)(?: (?:is|was|of|starts?|starting|begins|ends|ending|"
            rf"with|number|no|plate))*[ :.\-]*\K(?-i:[A-Z]{{2}}{_YEAR}|[A-Z]{{3}})\b(?! ?\d)",
        ),
        (0.7, rf"\b(?:{PHONETIC}[ ,\-]+|{DIGIT_WORD}[ ,\-]+){{4,7}}{PHONETIC}\b"),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject ``at10 the``: lower case ending in an ordinary word of three letters."""
        last = pattern_text[-3:]
        apart = len(pattern_text) > 3 and not pattern_text[-4].isalpha()
        return apart and last.islower() and last in lexicon().frequent
