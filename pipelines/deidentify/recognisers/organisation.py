"""Companies, clubs, councils and charities that say what they are."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_CAPITALS = r"(?:(?-i:[A-Z][\w'&.-]*) (?:(?:of|and|&) )?){1,4}"
_TYPE = (
    r"(?-i:Ltd|Limited|LTD|PLC|plc|LLP|Solicitors|Council|Housing Association|Homes|Housing|"
    r"Constabulary|Trust|FC|RFC|CC|United FC|Taxis|Cabs|Security|Scaffolding|Motors|Builders|"
    r"Plumbing|Logistics|Haulage|Care Group|Foundation|Newspaper|Gazette|Herald|Echo|Chronicle)"
)


class Organisation(ChatPattern):
    """Capitalised words before ``Ltd``, ``Solicitors``, ``Council``, ``Taxis`` and the like."""

    KIND = Kind.ORGANISATION
    PATTERNS = patterns((0.7, rf"\b(?!The (?:{_TYPE})){_CAPITALS}{_TYPE}\b"))
