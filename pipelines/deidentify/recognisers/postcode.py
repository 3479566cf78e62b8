"""Postcodes, whole or outward half."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

# The 124 postcode areas (Royal Mail).
AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E "
    "EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL "
    "LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM "
    "SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_AREA = "(?:" + "|".join(sorted(AREAS.split(), key=len, reverse=True)) + ")"
_AREA2 = "(?:" + "|".join(area for area in AREAS.split() if len(area) == 2) + ")"
_INWARD = r"\d[ABD-HJLNP-UW-Z]{2}"


class Postcode(ChatPattern):
    """``M14 5TP`` anywhere, ``m145tp`` too; ``SE15`` after ``in`` or ``postcode``. Roads such as
    ``M25``, ``A45`` and exits such as ``M6 2nd`` stay."""

    KIND = Kind.POSTCODE
    PATTERNS = patterns(
        (0.9, rf"(?<!\w)(?:{_AREA}\d[A-Z\d]?[ ]{{0,2}}{_INWARD}|GIR ?0AA)(?!\w)"),
        (0.7, rf"(?<!\w)(?-i:(?!IC)[A-Z]{{1,2}}\d[A-Z\d]? ?{_INWARD})(?!\w)"),
        (
            0.8,
            r"\b(?:post ?code|pcode|postal)(?: (?:is|was|area|of|starts?|starting|begins|"
            r"district))*"
            rf"[ :.\-]*\K{_AREA}\d[A-Z\d]?(?: ?\d)?\b",
        ),
        (
            0.6,
            r"\b(?:in|from|around|near|over|lives?|living|into|across)"
            rf" \K(?-i:{_AREA2}\d[A-Z\d]?)\b",
        ),
        (0.5, rf"(?<!\w)\K(?-i:{_AREA}\d[A-Z\d]?)(?= (?:area|postcode))"),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject ordinals and measures: ``M6 2nd``, ``IC3 6ft``."""
        return pattern_text[-3:].lower() in {"1st", "2nd", "3rd", "6ft", "5ft"}
