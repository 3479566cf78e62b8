"""Street addresses, flats, and homes described by what they stand next to."""

from __future__ import annotations

import re

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.lexicon import lexicon, words
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

# Types that are hardly ever anything but a street, and those that are ordinary words too.
_PLAIN = (
    r"(?:street|road|rd|avenue|ave|crescent|cres|terrace|gardens|gdns|grove|mews|"
    r"boulevard|estate|lane|ln|drive|dr|close)"
)
_OTHER = (
    r"(?:st|cl|place|pl|court|ct|way|walk|row|hill|rise|view|parade|square|sq|green|"
    r"park|house|tower|towers|heights|point|wharf|quay|hollow|dell|dene|brow|"
    r"spinney|copse|leas?|ridge|path|passage|alley|bypass|circus|cottage|brook|vale|"
    r"acre|heath|orchard|paddock|nook|ings|yard|hall|lodge|cottages?|villas?|"
    r"fields?|meadows?|bank|bridge|common|end|gate|croft|garth|drift|chase|fold|"
    r"mount|parkway|buildings|block|loan|brae|wynd|gait|steps|drove|loke|causeway|esplanade|"
    r"promenade)"
)
_WORD = (
    r"(?!the\b|a\b|my\b|our\b|and\b|in\b|of\b|on\b|at\b|to\b|is\b|min\b|mins\b)"
    r"(?:st\.|[A-Za-z][\w']*(?:\.[\w']+)*)"
)
_CAPITAL = r"(?-i:[A-Z][\w'.]+)"
_WELSH = r"(?:ffordd|heol|stryd|maes|clos|rhodfa|lon|rhes|bryn|pen y|ty)"
_FLAT = r"(?:flat|apartment|apt|caravan|pitch|plot|unit)"
_NUMBER = r"\d{1,4}[a-z]?(?:-\d{1,4})?"
# What is said of the people of a house, by its number: ``no 12 saw a lad``.
_DOES = (
    r"(?:saw|says?|said|heard|hears|has|had|hasn'?t|is|was|isn'?t|wasn'?t|won'?t|didn'?t|"
    r"reckons?|refus\w+|not (?:in|home|answering)|no (?:reply|answer)|"
    r"opposite|next door|rang|called|knows)"
)
_NO_TIME = (
    r"(?![\w:%/]|\.\d|-\d| ?(?:am|pm|hrs?|hours?|mins?|minutes?|days?|weeks?|months?|years?|ish|"
    r"mph|o'?clock|quid|pounds?|in the|on the|for|of)\b)"
)
_ARTICLES = words(
    """the this that a an my our your his her their main side same wrong other next one way no
    any"""
)
# Types of street that follow ordinary words in ordinary talk: ``a test drive``, ``vantage point``.
_LOOSE = words(
    """place lane ln drive dr close estate gardens grove yard bank point block end drove gate drift
    chase mount steps"""
)
# What is said before a type that is a verb, or of which there are several: ``I park``, ``E block``,
# ``J38 lane 1``.
_NO_STREET = re.compile(
    r"i|we|they|you|he|she|u|nobody|somebody|someone|everyone|everybody|anyone|[a-z]|[jmab]\d{1,4}",
    re.IGNORECASE,
)
_TIME = words(
    "hour hours hr hrs min mins minute minutes day days week weeks month months year years"
)
_ROADS = words("street road rd avenue ave lane ln st")
# The commonest names of British streets, ordinary words though they are.
_STREET_NAMES = words(
    """station new north south east west market school front back bank hospital church park mill
    hill bridge castle king queen kings queens union college chapel water broad cross garden
    field farm hall common factory bath victoria"""
)
# Said of any town's, not of one place.
_NO_PLACES = frozenset(
    f"{first} {second}"
    for second, firsts in {
        "park": "retail business industrial science theme water caravan trailer skate public car",
        "hall": "village town church parish sports concert music dining assembly mess guild",
        "square": "drill parade town market public",
        "place": "public market",
        "parade": "pay passing",
        "house": "safe coffee opera whole full open power public social",
        "court": "crown county magistrates tennis youth family squash high",
        "green": "bowling village putting lime bottle dark light pale bright olive mint",
    }.items()
    for first in firsts.split()
)
_KINDS_OF_ROAD = words(
    """country dirt farm busy slip access service bus quiet narrow private residential trunk toll
    coast dual muddy icy gravel cobbled winding unlit rural crown county magistrates"""
)


class Address(ChatPattern):
    """``14 Larch Road``, ``flat 3b, 22 high st``, ``Larch Road``, ``lives above the chip shop``.
    ``the high street`` and ``down the road`` stay."""

    KIND = Kind.ADDRESS
    PATTERNS = patterns(
        (
            0.88,
            rf"(?<![\w/:.£])(?:{_FLAT} \d{{0,4}}(?:/\d)?[a-z]?,? ?)?{_NUMBER},? "
            rf"(?:{_WORD} ){{1,3}}?(?:{_PLAIN}|{_OTHER})\b",
        ),
        (
            0.86,
            rf"\b{_FLAT} (?:no\.? ?)?\d{{1,4}}[a-z]?(?:,? (?:{_CAPITAL} ){{1,3}}(?i:{_PLAIN}|"
            rf"{_OTHER}))?\b",
        ),
        (
            0.84,
            rf"\b(?:{_CAPITAL} ){{1,3}}(?-i:[A-Z])(?:(?<=S)treet|(?<=R)oad|(?<=R)d|(?<=A)"
            r"ve(?:nue)?|(?<=L)ane|(?<=L)n|(?<=D)rive|(?<=C)lose|(?<=C)res(?:cent)?|(?<=T)"
            r"errace|(?<=G)ardens|(?<=G)rove|(?<=M)ews|(?<=E)state|(?<=W)ay|(?<=W)alk|(?<=C)"
            r"ourt|(?<=H)ouse|(?<=S)quare|(?<=T)ower|(?<=P)ark|(?<=G)reen|(?<=H)ill|(?<=R)"
            r"ow|(?<=P)lace|(?<=S)t|(?<=P)arade|(?<=R)ise|(?<=V)iew|(?<=W)harf)\b",
        ),
        (
            0.7,
            rf"\b(?:on|in|at|along|off|down|near|to|from|up|outside|of|via) \K(?:{_WORD} )"
            rf"?{_WORD} {_PLAIN}\b",
        ),
        (0.65, rf"\b\K{_WORD} (?:{_PLAIN}|{_OTHER})\b"),
        (
            0.8,
            rf"(?<![\w/:.£]){_NUMBER},? the (?:green|avenue|crescent|grove|drive|close|terrace|"
            r"mews|gardens|cuttings?|paddocks?|square|lawns?|oval|orchard|meadows?|hollow|spinney|"
            r"cottages?|villas|parade|row|glebe|rise|maltings|shambles|wharf|quay)\b",
        ),
        (0.88, rf"(?<![\w/:.£])\d{{1,3}}/\d{{1,2}},? (?:{_WORD} ){{1,3}}?(?:{_PLAIN}|{_OTHER})\b"),
        (0.8, rf"(?<![\w/:.£]){_NUMBER},? {_WELSH} \w+(?: {_CAPITAL})?"),
        (
            0.6,
            rf"(?<![\w/:.£\-]){_NUMBER},? (?-i:[A-Z][a-z']{{2,}} [A-Z][a-z']{{2,}})"
            r"(?=$|[,.!?;\n]| [a-z])",
        ),
        (
            0.8,
            r"\b(?:lives?|living|stays?|staying|resides?)(?: (?:now|just|right))? "
            r"(?:above|over|next(?: door)? to|opposite|behind|beside|across from|round the back of)"
            r" \K(?:the |that |a )?(?:[\w'&]+ ?){1,4}?(?=$|[.,;!?\n]| (?:on|in|and|with|but|"
            r"so|at)\b)",
        ),
        (0.8, r"\blives? at \K(?:number |no\.? ?)?\d{1,4}[a-z]?\b"),
        (0.7, rf"\b(?:no|number|num)\b\.? ?\d{{1,3}}[a-z]?(?= {_DOES}\b)"),
        (
            0.7,
            r"\b(?:neighbours?|nbrs?|lady|woman|bloke|couple|family|occupants?|occupiers?|"
            r"residents?|curtains?(?: \w+)?|(?:mr|mrs|ms|miss) \w+|"
            r"cctv|doorbell|ring camera|house|door) (?:at|from) "
            rf"\K(?:no\.? |number )?\d{{1,3}}[a-z]?{_NO_TIME}",
        ),
        (
            0.65,
            r"\b(?:at|from|outside|opposite|behind|to|into|inside|of|and) "
            rf"\K(?:number|no\.?) ?\d{{1,3}}[a-z]?{_NO_TIME}",
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject ``the road``, ``this estate`` and the like: an ordinary word and a plain type."""
        words = pattern_text.lower().split()
        if _is_known_street(words[-2:]) or (words[0] in {"no", "no."} and words[-1][0].isdigit()):
            return False
        if " ".join(words) in _NO_PLACES:
            return True
        if _counts(words) or (len(words) == 2 and _NO_STREET.fullmatch(words[0])):
            return True
        if words[0].isdigit() and len(words) > 1 and words[1] in _TIME:
            return True
        if any(c.isdigit() for c in pattern_text) or pattern_text[1:] != pattern_text[1:].lower():
            return words[0] in _ARTICLES and len(words) == 2
        if words[0] in _ARTICLES:
            return len(words) <= 2
        loose = words[-1] in _LOOSE or pattern_text[0].isupper()  # may only open a sentence
        known = lexicon().ordinary if loose and words[-1] not in _ROADS else _any_road
        return all(known(word) or word in _ARTICLES for word in words[:-1])


def _is_known_street(words: list[str]) -> bool:
    return len(words) == 2 and words[0] in _STREET_NAMES and words[1] in _ROADS


def _any_road(word: str) -> bool:
    """Whether ``word`` says what a road is like, not which it is."""
    lists = lexicon()
    return word in lists.frequent or word in lists.police or word in _KINDS_OF_ROAD


def _counts(words: list[str]) -> bool:
    """``4 Red Bulls``, ``2 Inspector Posts``: a number of things, not of a house."""
    lists = lexicon()
    rest = [word.strip(",") for word in words[1:]]
    known = all(lists.ordinary(word) or lists.ordinary(word.removesuffix("s")) for word in rest)
    return words[0][0].isdigit() and len(rest) == 2 and known and not _is_street(rest[-1])


def _is_street(word: str) -> bool:
    return re.fullmatch(rf"{_PLAIN}|{_OTHER}", word) is not None
