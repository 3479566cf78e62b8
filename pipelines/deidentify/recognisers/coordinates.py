"""Positions on the map."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns


class Coordinates(ChatPattern):
    """Latitude and longitude with four decimals or more; ordnance survey grid references."""

    KIND = Kind.LOCATION
    CONTEXT = ("grid", "grid ref", "gr", "os", "ngr", "map")
    PATTERNS = patterns(
        (0.95, r"(?<![\w.])-?\d{1,2}\.\d{4,}°?[NS]?[ ,]+-?\d{1,3}\.\d{4,}°?[EW]?"),
        (0.8, r"(?<!\w)(?-i:[HNOST][A-HJ-Z]) ?(?:\d{5} ?\d{5}|\d{4} \d{4})(?!\w)"),
        (0.2, r"(?<!\w)(?-i:[HNOST][A-HJ-Z]) ?(?:\d{4}\d{4}|\d{3} ?\d{3})(?!\w)"),
    )
