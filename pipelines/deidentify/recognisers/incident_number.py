"""Command-and-control logs: CAD, incident, STORM and log numbers, with or without a date."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[ /.\-]?(?:{_MONTH}|\d{{1,2}})(?:[ /.\-]?\d{{2,4}})?|\d{{6,8}}"
    r"|today|yesterday|tonight|last night|this morning)"
)
_LOG = r"(?:cad|log|incident|inc|storm|cahid|job|ciad|oasis|fwin|gmp|stroma|controlworks|serial)"


class IncidentNumber(ChatPattern):
    """``CAD 1234 of 12/03``, ``log 345 12MAR24``, ``inc 0123-120324``, ``1234 of today``."""

    KIND = Kind.INCIDENT_NUMBER
    PATTERNS = patterns(
        (
            0.95,
            rf"\b{_LOG}(?:'?s)?(?: (?:number|num|no|reference|ref))?(?: is)?[ :.\-#/]*"
            rf"[A-Z]{{0,4}}[\-/]?\d{{1,7}}(?![\d.]*\.\d)(?:(?: of(?: the)? |[ ]?[/\-][ ]?| )"
            rf"{_DATE}\b(?!:))?",
        ),
        (0.85, rf"(?<![\w/£])\d{{2,6}} of (?:the )?{_DATE}\b"),
        (0.8, r"(?<![\w/])\d{2,5}[-/]\d{2}(?:0[1-9]|1[0-2])2\d(?![\w/])"),
        (0.8, r"(?<![\w/])\d{1,5}/\d{2}[A-Z]{3}(?:2\d)?(?![\w/])"),
        (0.8, r"(?<![\w/])(?:P|INC|S|L|GM)-?2\d(?:0[1-9]|1[0-2])\d{2}-?\d{3,5}(?![\w/])"),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject a bare digit: ``job 1`` is a figure of speech."""
        return sum(c.isdigit() for c in pattern_text) < 2
