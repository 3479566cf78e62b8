"""Exhibit references: the finder's initials and a number."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_FORMS = r"(?-i:MG|CS|SFR|PS|PV|SC|BS|TV|AC|DC|CD|VA)"  # forms, consoles and the like


class Exhibit(ChatPattern):
    """``JKT/1``, ``exhibit TR 1``, ``exhibit nos MFR7 to MFR12``: initials are somebody's."""

    KIND = Kind.REFERENCE
    CONTEXT = ("exhibit", "exhibits", "exh", "bag", "bagged", "seized", "swab", "lifted", "sealed")
    PATTERNS = patterns(
        (0.6, rf"(?<![\w/])(?!{_FORMS}/)(?-i:[A-Z]{{2,4}})/\d{{1,3}}(?![\w/])"),
        (
            0.8,
            r"\b(?:exhibits?|exh)(?: (?:ref|refs|no|nos|number|numbers|label))*(?: is| are)?"
            r"[ :.\-#]*\K[A-Z]{2,4}[/ ]?\d{1,3}\b",
        ),
        (0.25, r"(?<![\w/])(?-i:[A-Z]{3})\d{1,2}(?![\w/])"),
    )
