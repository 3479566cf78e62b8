"""Companies, clubs, councils and charities that say what they are."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.lexicon import lexicon
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_CAPITALS = r"(?:(?-i:[A-Z][\w'&.-]*) (?:(?:of|and|&) )?){1,4}"
_TYPE = (
    r"(?-i:Ltd|Limited|LTD|PLC|plc|LLP|Solicitors|Council|Housing Association|Homes|Housing|"
    r"Constabulary|Trust|FC|RFC|CC|United FC|Taxis|Cabs|Security|Scaffolding|Motors|Builders|"
    r"Plumbing|Logistics|Haulage|Care Group|Foundation|Newspaper|Gazette|Herald|Echo|Chronicle|"
    r"Advocates|Bakery|Hardware|Merchants|Tyres|Grill|Rentals|Hire|Heating|Roofing|Flooring|Tiling|"
    r"Divers|Autos|Pharmacy|Dental|Vets|Legal|Athletic|Rovers|Wanderers|ABC|Lifeboat|lifeboat|MRT|"
    r"Services|Associates|Partners|Recruitment|Recovery|Transport|Coaches|Nurseries|Kebabs|Barbers|"
    r"Cuts|Bathrooms|Kitchens|Carpets|Salon|Nails|Tiles|Glazing|Windows|Blinds|Electrical|Joinery|"
    r"Diner|Fisheries|Foods|Stores|Wines|Florists?|Opticians|Travel|Removals|Skips|Metals|Fencing|"
    r"Paving|Landscapes|Driveways|Cleaning|Catering|Studios|Fitness|Upholstery|"
    r"Lettings|Properties|Marquees|Garden Centre|Builders|Bakers|Butchers|& Sons?|"
    r"and Sons?|& Co|and Co)"
)
_LOW = (
    r"(?:solicitors|llp|ltd|bakery|hardware|builders merchants|tyres|rentals|car hire|roofing|"
    r"flooring|tiling|pharmacy|lettings|scaffolding|haulage|logistics|recruitment|garden centre|"
    r"housing association|event services|& sons?|and sons?|athletic)"
)


class Organisation(ChatPattern):
    """Capitalised words before ``Ltd``, ``Solicitors``, ``Council``, ``Taxis`` and the like."""

    KIND = Kind.ORGANISATION
    PATTERNS = patterns(
        (0.7, rf"\b(?!The (?:{_TYPE})){_CAPITALS}{_TYPE}\b"),
        (0.6, rf"\b(?-i:[a-z]{{3,}}(?:'s)?(?: [a-z]{{3,}})?) {_LOW}\b"),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject, in small letters, the commonest words before the kind of firm."""
        first = pattern_text.split()[0].removesuffix("'s")
        return first.islower() and (first in lexicon().frequent or first in lexicon().police)
