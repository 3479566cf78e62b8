"""Unique reference numbers of case files and intelligence."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns


class Urn(ChatPattern):
    """The criminal justice form (two characters of force, two of unit, five digits, the year),
    with or without separators, and whatever follows ``URN``."""

    KIND = Kind.URN
    PATTERNS = patterns(
        (
            0.95,
            r"\burn(?: (?:number|num|no))?(?: is)?[ :.\-#]*\K(?=[\w/ \-]*\d{3})"
            r"[A-Z0-9]{1,6}(?:[/ \-][A-Z0-9]{1,8}){0,3}(?<=\d)\b",
        ),
        (0.89, r"(?<![\w/])\d{2}[/ ]?[A-Z][A-Z0-9][/ ]?\d{5,7}[/ ]?(?:1|2)\d(?![\w/])"),
        (0.87, r"(?<![\w/])\d{2}[A-Z]{2}\d{7}(?![\w/])"),
    )
