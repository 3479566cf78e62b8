"""Crime and occurrence references in the forces' common styles."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_YEAR = r"(?:20)?(?:1\d|2\d)"


class CrimeReference(ChatPattern):
    """``22/12345/24``, ``CR/012345/24``, ``06C1/1234/24``, ``43240012345``, ``1234567/24``, and
    any number after ``crime ref`` or ``occurrence``."""

    KIND = Kind.CRIME_REFERENCE
    CONTEXT = (
        "crime", "crimed", "ref", "occurrence", "niche", "athena", "connect", "crimes", "oic",
        "occ", "investigation", "report", "case",
    )  # fmt: skip
    PATTERNS = patterns(
        (0.85, rf"(?<![\w/])\d{{2}}[A-Z]?\d?/\d{{4,7}}/{_YEAR}(?![\w/])"),
        (
            0.9,
            r"(?<![\w/])(?:CR|CRI|CRM|NPT|OCC|NICHE|ATH|C|R|CO|ECR|NC)"
            rf"[/\-](?:\w{{2,4}}[/\-])?\d{{3,8}}(?:[/\-]{_YEAR})?(?![\w/])",
        ),
        (0.7, rf"(?<![\w/])(?-i:[A-Z]{{1,3}})/\d{{4,7}}/{_YEAR}(?![\w/])"),
        (0.6, rf"(?<![\w/])\d{{5,8}}/{_YEAR}(?![\w/])"),
        (0.7, r"(?<![\w/])\d\d(?-i:[A-Z])\d{6,7}(?![\w/])"),
        (0.5, r"(?<![\w/])(?:0[1-9]|[1-6]\d)2[0-9]0\d{6}(?![\w/])"),
        (0.3, r"(?<![\w/])2[0-9]0\d{8}(?![\w/])"),
        (
            0.9,
            r"\b(?:crime|crimes|occ|occurrence|niche|athena|connect|investigation|case|intel)"
            r"(?: (?:report|ref|refs|reference|no|num|number|id))*(?: is)?[ :.\-#]*"
            r"\K(?=[\w/\-]*\d{3})[A-Z0-9]{1,12}(?:[/\-][A-Z0-9]{1,8}){0,3}\b(?! ?(?:hrs|am|pm)\b)",
        ),
        (
            0.8,
            r"\b(?:ref|reference)(?: (?:number|num|no))?(?: is)?[ :.\-#]*\K(?=[\w/\-]*\d{4})"
            r"[A-Z0-9]{1,12}(?:[/\-][A-Z0-9]{1,8}){0,3}\b",
        ),
    )
