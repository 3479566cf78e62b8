"""The rest of a name of which a part was found: ``larchfield car park``, ``the plough``.

A place or firm is often found by its own word alone, and what it is follows: beside ``<LOCATION>``
that says which one. Pure functions of a text and its separate spans.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.lexicon import lexicon, words
from pipelines.deidentify.recognisers.ranks import RANK_WORDS

PLACES = frozenset({Kind.LOCATION, Kind.ORGANISATION, Kind.ADDRESS})
CAPITALISED = frozenset({*PLACES, Kind.PERSON})

HEADS = words(
    """nick station stn ward wing suite unit depot building block tower house court hall centre
    estate flats maisonettes cottages hostel shelter refuge hotel inn arms pub bar club cafe tavern
    brewery taproom bakery bakers chippy kebabs pizza bingo boxing rugby fc gym pool baths
    allotments park rec green common wood woods field fields farm barn stables moor marsh lake pond
    reservoir weir lock quay pier harbour marina wharf docks slipway beach sands bay point
    roundabout lights junction crossroads crossing bridge underpass subway viaduct flyover tunnel
    bypass layby steps alley ginnel snicket path cut lane road rd street drive avenue close terrace
    gate gates corner end bottom top roof garage garages works yard lockup lockups shed sheds site
    quarry pit tip mill school academy college primary infants juniors nursery university campus
    church chapel abbey mosque temple gurdwara synagogue hospital infirmary hospice surgery practice
    clinic dental dentist dentists vets pharmacy chemist chemists physio court magistrates prison
    shop shops stores market markets motors autos cars cabs taxis coaches recovery tyres electrical
    plumbing roofing scaffolding builders joinery foods bros brothers guarding security solicitors
    trekking kennels cattery undertakers funerals ps rfc afc abc cc prom promenade
    co-op coop asda tesco aldi lidl spar advocates associates llp"""
)
PAIRS = (
    r"car park|bus (?:stop|station|stn|depot)|camp ?site|caravan park|retail park|road end|"
    r"lay[- ]by|park and ride|police station|train station|railway station|industrial estate|"
    r"business park|care home|nursing home|youth club|social club|golf club|medical centre|"
    r"health centre|leisure centre|shopping centre|community centre|primary school|high school|"
    r"filling station|petrol station|(?:and|&) (?:sons?|daughters?|co|partners)"
)
_AFTER = re.compile(
    rf"(?:'s)?(?: (?:{PAIRS}|{'|'.join(sorted(HEADS, key=len, reverse=True))})(?![\w-]))"
    r"{1,2}(?! of\b)",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r" ([A-Z][a-z']+[a-z])(?![\w'-])")
_SAINT = re.compile(r"(?:st|saint)\.? ", re.IGNORECASE)
_AT = re.compile(
    r"(?<![\w'-])(?:at|in|outside|inside|past|near|behind|by|from|frae|fae|to) $", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?<![\w'-])the $", re.IGNORECASE)


def complete(text: str, spans: Sequence[Finding]) -> list[Finding]:
    """The same spans, longer where what touches them is part of the name. They stay separate."""
    whole: list[Finding] = []
    for number, span in enumerate(spans):
        limit = spans[number + 1].start if number + 1 < len(spans) else len(text)
        start = _start(text, span, whole[-1].end if whole else 0)
        end = _end(text[:limit], span)
        whole.append(replace(span, start=start, end=end))
    return whole


def _start(text: str, span: Finding, limit: int) -> int:
    """With the article before it: ``the plough`` is one name."""
    if span.kind not in PLACES or span.kind == Kind.ADDRESS:
        return span.start
    article = _ARTICLE.search(text, limit, span.start)
    return article.start() if article else span.start


def _end(text: str, span: Finding) -> int:
    end = span.end
    if span.kind in CAPITALISED and text[span.start].isupper():
        end = _over_capitals(text, end)
    if span.kind in CAPITALISED and text.startswith("'s", end) and _AT.search(text, 0, span.start):
        end += len("'s")  # a place under somebody's name: ``at zanzi's``
    if span.kind in PLACES:
        if after := _AFTER.match(text, end):
            end = after.end()
        elif _SAINT.match(text, span.start) and text.startswith("'s", end):
            end += len("'s")
    return end


@lru_cache(maxsize=1)
def _stops() -> frozenset[str]:
    """Words at which a name ends, capital or not."""
    return lexicon().police | lexicon().proper | RANK_WORDS


def _over_capitals(text: str, end: int) -> int:
    """Over further words with a capital inside a sentence, up to the last that no list knows."""
    stops, frequent = _stops(), lexicon().frequent
    at = end
    while word := _CAPITAL.match(text, at):
        low = word[1].lower().removesuffix("'s")
        if low in stops:
            return end
        at = word.end()
        if low not in frequent:
            end = at
    return end
