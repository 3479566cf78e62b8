"""The whole of a place that is described by another: ``the rec on Larch Lane``, ``flat 3 above the
Wool Shop, Priory Gate``, ``junction of Salt Lane and Coyte Rd``, ``Larch Lane 40 and 44``.

Each part may be found by itself; together they say which place is meant, so the words and numbers
that tie them go too. Pure functions of a text and its separate spans.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.deidentify.entities import Finding
from pipelines.deidentify.lexicon import words
from pipelines.deidentify.rest_of_name import HEADS, PAIRS, PLACES

_LINK = (
    r"(?:at|in|on|by|near|opposite|opp|behind|off|above|below|under|over|outside|beside|next to|"
    r"next door to|across from|(?:the )?(?:top|bottom|end|side|back|front|corner|junction) of|of)"
)
_BETWEEN = re.compile(rf",? ?(?:{_LINK} )?(?:the )?", re.IGNORECASE)
_AND = re.compile(r" ?(?:and|&|with|/) ?(?:the )?", re.IGNORECASE)

_MORE_HEADS = words(
    """cafe caff diner footbridge plant skatepark bandstand lido kiosk rank flat house bungalow
    cottage caravan chalet hut shelter playground playpark barbers salon launderette offy newsagents
    ramp jetty bench postbox cashpoint arcade"""
)
_PLACE_WORDS = "|".join(sorted(HEADS | _MORE_HEADS, key=len, reverse=True))
_BEFORE = re.compile(
    rf"(?<![\w'-])(?:(?:the (?:\w+ )?)?(?:{PAIRS}|bus shelter|phone box|chip shop|{_PLACE_WORDS})"
    rf"(?:, | {_LINK} )(?:the )?|(?:junction|jct|corner) (?:of|with) (?:the )?"
    r"|(?<![/:.£%,-])(?:no\.? |number )?\d{1,3}[a-z]?,? (?:the )?)$",
    re.IGNORECASE,
)
_NUMBER = r"\d{1,3}[a-z]?(?![\w:%/]|\.\d)"
_NUMBERS_AFTER = re.compile(
    rf",? (?:(?:no\.?|number|room|flat|unit|plot|pitch|bay|ward) ?[a-z]?{_NUMBER}"
    rf"|{_NUMBER}(?:(?:,| and| &) ?{_NUMBER})*(?= ?(?:$|[,.;!?\n)])))",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 60
"""Characters looked at before a place: the longest of such words are far shorter."""


def whole_places(text: str, spans: Sequence[Finding]) -> list[Finding]:
    """The same spans, places longer by what ties them to one another. They stay separate."""
    whole: list[Finding] = []
    for number, span in enumerate(spans):
        if span.kind in PLACES:
            limit = spans[number + 1].start if number + 1 < len(spans) else len(text)
            span = _grown(text, span, whole[-1].end if whole else 0, limit)
            if whole and _tied(text, whole[-1], span):
                whole[-1] = replace(whole[-1], end=len(text[: span.start].rstrip(" ,")))
        whole.append(span)
    return whole


def _grown(text: str, span: Finding, first: int, limit: int) -> Finding:
    before = _BEFORE.search(text, max(first, span.start - _LONGEST_BEFORE), span.start)
    after = _NUMBERS_AFTER.match(text, span.end, limit)
    return replace(
        span,
        start=before.start() if before else span.start,
        end=after.end() if after else span.end,
    )


def _tied(text: str, first: Finding, second: Finding) -> bool:
    if first.kind not in PLACES:
        return False
    between = text[first.end : second.start]
    meets = text[first.start : first.end].lower().startswith(("junction", "jct", "corner"))
    return _BETWEEN.fullmatch(between) is not None or (
        meets and _AND.fullmatch(between) is not None
    )
