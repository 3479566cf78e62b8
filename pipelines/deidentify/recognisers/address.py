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
_ARTICLES = words(
    """the this that a an my our your his her their main side same wrong other next one way no
    any"""
)
# Types of street that follow ordinary words in ordinary talk: ``a test drive``, ``vantage point``.
_LOOSE = words(
    """lane ln drive dr close estate gardens grove yard bank point block end drove gate drift chase
    mount steps"""
)
# What is said before a type that is a verb, or of which there are several: ``I park``, ``E block``,
# ``J38 lane 1``.
_NO_STREET = re.compile(r"i|we|they|you|he|she|u|[a-z]|[jmab]\d{1,4}", re.IGNORECASE)
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
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject ``the road``, ``this estate`` and the like: an ordinary word and a plain type."""
        words = pattern_text.lower().split()
        if _counts(words) or (len(words) == 2 and _NO_STREET.fullmatch(words[0])):
            return True
        if any(c.isdigit() for c in pattern_text) or pattern_text != pattern_text.lower():
            return words[0] in _ARTICLES and len(words) == 2
        if words[0] in _ARTICLES:
            return len(words) <= 2
        known = lexicon().ordinary if words[-1] in _LOOSE else _any_road
        return all(known(word) or word in _ARTICLES for word in words[:-1])


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
