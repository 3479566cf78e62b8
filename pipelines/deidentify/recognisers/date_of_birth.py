"""Dates of birth. Other dates stay: the analysis needs none, but a chat is unreadable without."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)"
)
_NUMERIC = r"\d{1,2}[ ]?[/.\-][ ]?\d{1,2}[ ]?[/.\-][ ]?(?:\d{4}|\d{2})"
_WORDS = rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ \-]?{_MONTH},?(?:[ \-]?(?:\d{{4}}|\d{{2}}))?"
_AMERICAN = rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
_ANY = rf"(?:{_NUMERIC}|{_WORDS}|{_AMERICAN}|\d{{4}}-\d\d-\d\d|\d{{6}}(?:\d\d)?)"
_SAID = r"(?:d\.?o\.?b\.?|date of birth|birth ?date|b(?:irth)?day|born|born on|b\.)"
_GROWN_UP = r"(?:19[2-9]\d|200\d|201[0-2])"
_UNITS = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
_ORDINAL = (
    rf"(?:{_UNITS}|tenth|eleventh|twelfth|\w{{3,5}}teenth|twentieth|thirtieth|"
    rf"(?:twenty|thirty)[ \-]{_UNITS})"
)
_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_TENS = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ \-]{_DIGIT})?|"
    rf"oh[ \-]{_DIGIT})"
)
_SAID_YEAR = (
    rf"(?:(?:nineteen|twenty)[ \-](?:{_TENS}|\w+teen|ten|eleven|twelve)|{_TENS}|"
    rf"two thousand(?: and {_DIGIT})?|(?:19|20)?\d\d)"
)
_SAID_DAY = rf"(?:twelve|eleven|ten|\w+teen|{_TENS}|{_DIGIT})"


class DateOfBirth(ChatPattern):
    """A date after ``dob``, ``born`` or ``birthday``, or before ``dob``; and any full date too
    long ago to be about the job (1920 to 2012, or a two-digit year from 40 to 99)."""

    KIND = Kind.DATE_OF_BIRTH
    PATTERNS = patterns(
        (
            0.97,
            rf"\b{_SAID}(?:[ ]?(?:is|was|on|the|of|in|:|=|-|\())*[ ]*\K(?:{_ANY}|"
            rf"(?:{_MONTH} )?{_GROWN_UP})\b",
        ),
        (0.95, rf"(?<![\w/]){_ANY}\b(?= ?\(?(?:dob|d\.o\.b|birth))"),
        (
            0.7,
            rf"(?<![\w/.])(?:0?[1-9]|[12]\d|3[01])([/.\-])(?:0?[1-9]|1[0-2])\1(?:{_GROWN_UP}|"
            r"[4-9]\d)(?![\w/])",
        ),
        (0.7, rf"(?<![\w/])\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_GROWN_UP}\b"),
        (0.6, rf"(?<![\w/])\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? '?[4-9]\d\b(?![:.]\d)"),
        (0.7, rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_GROWN_UP}\b"),
        (0.7, rf"\b{_ORDINAL}(?: of)?(?: the)? (?:{_ORDINAL}|{_MONTH}),? {_SAID_YEAR}\b"),
        (0.7, rf"\b{_SAID_DAY} (?:zero|oh|ten|eleven|twelve) {_DIGIT} {_TENS}\b"),
        (0.7, rf"(?<![\w/]){_GROWN_UP}-\d\d-\d\d(?![\w/])"),
    )
