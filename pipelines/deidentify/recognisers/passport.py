"""Passport numbers: nine digits, or two letters and seven, near a word such as ``passport``."""

from __future__ import annotations

from typing import ClassVar

from presidio_analyzer import Pattern
from presidio_analyzer.predefined_recognizers import UkPassportRecognizer

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns


class Passport(ChatPattern):
    """Presidio's pattern and context, older all-digit numbers too."""

    KIND = Kind.PASSPORT
    CONTEXT = (*UkPassportRecognizer.CONTEXT, "passports", "home office", "border")
    PATTERNS: ClassVar[list[Pattern]] = [
        *UkPassportRecognizer.PATTERNS,
        *patterns((0.1, r"(?<!\w)\d{9}(?!\w)"), (0.45, r"(?<!\w)(?-i:[A-Z]{2}\d{7})(?!\w)")),
    ]
