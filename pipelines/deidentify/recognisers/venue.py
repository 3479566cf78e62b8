"""Pubs, schools, hospitals, stations and shops, where they say which place is meant."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.lexicon import lexicon
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_CAPITALISED = r"(?-i:St\.|[A-Z]\.|[A-Z](?:[\w']|\.(?=\w))*)"  # no sentence ends in it
_CAPITALS = rf"(?:{_CAPITALISED} (?:(?:of|the|and|&|upon|on) )?){{1,3}}"
_VENUE = (
    r"(?:arms|inn|tavern|hotel|primary(?: school)?|secondary(?: school)?|junior school|infants?"
    r"(?: school)?|high school|grammar(?: school)?|school|academy|college|university|hospital|"
    r"infirmary|surgery|medical centre|health centre|church|mosque|temple|gurdwara|synagogue|"
    r"police station|nick|railway station|bus station|train station|station|community centre|"
    r"retail park|shopping centre|leisure centre|sports centre|care home|nursing home|"
    r"children's home|hostel|prison|working men's club|social club|club|golf club|car park|"
    r"industrial estate|business park|caravan park|rec|recreation ground|cemetery|library|"
    r"magistrates|crown court|county court|airport|services|roundabout|reservoir|woods|farm)"
)
_COLOUR = (
    r"(?:red|white|black|green|blue|golden|royal|king'?s|queen'?s|old|prince(?: of)"
    r"?|duke of|marquis of|rose and|rose &|fox and|fox &|dog and|dog &|horse and|"
    r"horse &|hare and|hare &|coach and|coach &|crown and|crown &|eagle and|"
    r"plough and|wheat|three|two|jolly|railway|station|farmers|bricklayers|"
    r"carpenters|masons)"
)
_SIGN = (
    r"(?:lion|hart|horse|bull|boar|swan|bear|dragon|oak|head|arms|george|crown|"
    r"hounds|duck|groom|horses|anchor|bell|bells|tuns|plough|fleece|sheaf|wales|"
    r"wellington|york|sailors?|tavern|hotel|child|stars|harrow)"
)
_SHOP = (
    r"(?:tesco|asda|aldi|lidl|sainsbury'?s|morrisons|waitrose|greggs|mcdonald'?s|"
    r"maccies|maccys|kfc|"
    r"costa|starbucks|b&m|boots|wilko|primark|spoons|wetherspoons?|co-?op|spar|londis|premier inn|"
    r"travelodge|subway|nando'?s|ikea|b&q|screwfix|halfords|argos|poundland|iceland|farmfoods|"
    r"shell garage|esso|bp garage|wickes|matalan|m&s|marks and spencers?|toby carvery)"
)
_AT = (
    r"(?:outside|behind|opposite|near|by|at|in|inside|round|from|to|off|next to|"
    r"attending|lifted in|job at)"
)
_NAME = r"[A-Z][a-z']{2,}"


class Venue(ChatPattern):
    """``Larchfield Primary``, ``copperdale college``, ``St Osyth's``, ``the Fenwood pub``."""

    KIND = Kind.LOCATION
    PATTERNS = patterns(
        (
            0.72,
            r"\b(?!(?:The|A|My|Our|This|That|At|In|On|To|From|Any|Custody|Police|High|Crown|"
            r"Bus|Train|Old|New|Is|For|And|If|When|No|Not|Near|By|Outside|Opposite|Off|Got|"
            r"Going|Just|What|Which|Same|Wrong|Right|Another|Next|Last|Every|Some|Your|Their) "
            rf"{_VENUE})"
            rf"{_CAPITALS}(?:{_VENUE})\b",
        ),
        (0.7, rf"\b(?-i:[a-z][\w']+) (?:{_VENUE})\b"),
        (
            0.7,
            r"\b(?-i:St|Saint)\.? (?-i:[A-Z])[a-z]+(?:'?s)?(?: (?:church|school|primary|"
            r"hospital|hospice|rd|road))?\b",
        ),
        (
            0.62,
            r"\b(?:the )\K(?-i:[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?)(?= (?:pub|bar|club|"
            r"nightclub|estate|hotel|inn|flats)\b)",
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject, in small letters, an ordinary word before the kind of place (``old school``)."""
        first = pattern_text.split()[0].strip("'.,")
        return first.islower() and (lexicon().ordinary(first) or len(first) < 4)


class NamedPlace(ChatPattern):
    """``at the Beehive``, ``outside Zanzi's``: capitals after a word of place; ``the Shepherds
    Rest``: two of them after ``the``."""

    KIND = Kind.LOCATION
    PATTERNS = patterns(
        (
            0.55,
            r"\b(?:at|in|outside|inside|near|by|behind|opposite|from|round|past) "
            r"\K(?:the|The) (?-i:[A-Z][a-z']{2,}(?: (?:and|&|of) [A-Z][a-z']{2,})"
            r"?(?: [A-Z][a-z']{2,}){0,2})\b",
        ),
        (
            0.5,
            r"\b(?:at|outside|inside|near|behind|opposite|round|past) "
            rf"\K(?-i:[A-Z][a-z']{{2,}}(?: (?:and|&) {_NAME})?(?: {_NAME}){{0,2}})\b",
        ),
        (0.5, rf"(?-i:(?<=[a-z,] the ){_NAME}(?: {_NAME}){{1,2}})\b"),
        (0.5, rf"(?-i:(?<=[a-z,;:] )The {_NAME}(?: {_NAME})?)\b"),
        (0.5, rf"(?-i:\b[A-Z][a-z]+'s {_NAME}(?: {_NAME})?)\b"),
        (
            0.5,
            r"\b(?:at|from|fae|frae|of|to|in|outside|by|past|near|behind|opposite) "
            r"\K(?-i:[A-Z][a-z]+'s)(?=$|[.,!?;\n]| (?:on|in|again|at|and|for|please|now)\b)",
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject words of the job and the commonest ones: ``in the Station``."""
        lists = lexicon()
        return all(
            low in lists.police or low in lists.frequent or low in lists.proper
            for low in pattern_text.lower().removeprefix("the ").split()
        )


class SignOrShop(ChatPattern):
    """``the Red Lion``, ``outside Tesco``. A chain with no word of place before it (``anyone
    want Greggs``) stays."""

    KIND = Kind.LOCATION
    PATTERNS = patterns(
        (0.74, rf"\bthe {_COLOUR} {_SIGN}\b"),
        (
            0.74,
            r"(?-i:\b(?:Red|White|Black|Golden|Royal|King'?s|Queen'?s|Rose (?:and|&)|"
            rf"Fox (?:and|&)|Dog (?:and|&)|Hare (?:and|&)|Coach (?:and|&)|Three)) {_SIGN}\b",
        ),
        (0.62, rf"\b{_AT} (?:the )?(?:big |little )?\K{_SHOP}\b"),
    )
