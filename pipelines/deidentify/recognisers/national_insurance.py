"""National Insurance numbers: Presidio's recogniser, and part numbers with context."""

from __future__ import annotations

from typing import ClassVar

from presidio_analyzer import Pattern
from presidio_analyzer.predefined_recognizers import UkNinoRecognizer

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns


class NationalInsurance(ChatPattern):
    """``QQ 12 34 56 C``, spaced as liked; any of that shape after ``NI number``."""

    KIND = Kind.NATIONAL_INSURANCE
    CONTEXT = tuple(UkNinoRecognizer.CONTEXT)
    PATTERNS: ClassVar[list[Pattern]] = [
        *UkNinoRecognizer.PATTERNS,
        *patterns(
            (
                0.8,
                r"\b(?:ni(?:no)?|nat(?:ional)? ins(?:urance)?)(?: (?:number|num|no))?"
                r"(?: is)?[ :.\-]*\K[a-z]{2}[ \-]?\d{2}[ \-]?\d{2}[ \-]?\d{2}(?:[ \-]?[a-z])?\b",
            )
        ),
    ]
