"""The risk model's police messages, their placeholders filled with identities.

They are written as they look once de-identified (``classify/training/templates``), so every
identity in them is a placeholder, and most have none: thousands of ordinary words of the job.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from pipelines.classify.training.templates import expand, load_templates
from pipelines.deidentify.lexicon import lexicon
from pipelines.deidentify.text import tokenise
from pipelines.deidentify.training.example import Example, join
from pipelines.deidentify.training.names import NameBank
from pipelines.deidentify.training.synthetic import SLOTS

PLACEHOLDER = re.compile(r"<([A-Z_0-9]+)>")

FILLS = {
    "PERSON": ("N", "F", "S", "WF"),
    "LOCATION": ("P", "SPOT", "PUB"),
    "ORGANISATION": ("ORG",),
    "ADDRESS": ("ADDR", "STREET", "FLATADDR"),
    "VEHICLE": ("PLATE", "PARTIAL"),
    "POSTCODE": ("POSTCODE",),
    "DATE_OF_BIRTH": ("DOB",),
    "PHONE": ("PHONE",),
    "NATIONAL_INSURANCE": ("NINO",),
    "NHS_NUMBER": ("NHS",),
    "COLLAR_NUMBER": ("COLLAR",),
    "PNC_ID": ("PNC",),
    "CRIME_REFERENCE": ("CRIME",),
    "INCIDENT_NUMBER": ("LOG",),
    "CUSTODY_NUMBER": ("CUSTODY",),
    "URN": ("URN",),
    "CALL_SIGN": ("CALLSIGN",),
    "OPERATION": ("OPNAME",),
    "WHAT3WORDS": ("WORDS3",),
}
"""Slots that may stand for a placeholder. A message with any other is left out."""


def is_whole(text: str) -> bool:
    """Whether nothing else in ``text`` is anybody's: no capital word that a list has as a name."""
    lists = lexicon()
    listed = lists.forenames | lists.surnames | lists.places
    return all(
        not token.capital or token.low not in listed or token.low in lists.frequent
        for token in tokenise(PLACEHOLDER.sub("", text))
    )


def written(names: NameBank, rng: random.Random) -> list[Example]:
    """Each message once, with other identities at every draw."""
    texts = (expand(template.text, rng) for template in load_templates("all"))
    whole = (text for text in texts if _is_filled(text) and is_whole(text))
    return [join(_parts(text, names, rng)) for text in whole]


def _is_filled(text: str) -> bool:
    return FILLS.keys() >= set(PLACEHOLDER.findall(text))


def _parts(text: str, names: NameBank, rng: random.Random) -> Iterator[tuple[str, str | None]]:
    at = 0
    for match in PLACEHOLDER.finditer(text):
        yield text[at : match.start()], None
        yield from SLOTS[rng.choice(FILLS[match[1]])](names, rng)
        at = match.end()
    yield text[at:], None
