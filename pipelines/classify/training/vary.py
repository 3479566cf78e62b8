"""The same message as another officer might type it: slips, slang, placeholders come and gone.

Placeholders must carry no signal by themselves, since de-identification leaves them in every sort
of talk and sometimes misses one: they are swapped, dropped and put in where nobody was named.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from pipelines.classify.taxonomy import CODES
from pipelines.classify.training.example import Example
from pipelines.classify.training.templates import Template, expand

JOINED_SHARE = 0.35
"""Messages run together with an ordinary one, as happens in chat."""

PUT_IN_SHARE, DROPPED_SHARE, SWAPPED_SHARE = 0.25, 0.12, 0.2
"""Messages that get a placeholder from nowhere; placeholders that go; that become another."""

OPENING_SHARE, CLOSING_SHARE, SLIP_SHARE, SPELT_SHARE = 0.12, 0.2, 0.35, 0.06

PLACEHOLDERS = {
    "PERSON": ("HANDLE", "him", "her", "them", "that one"),
    "HANDLE": ("PERSON",),
    "LOCATION": ("ORGANISATION", "ADDRESS", "there", "town"),
    "ADDRESS": ("LOCATION", "POSTCODE", "his place", "the flat"),
    "ORGANISATION": ("LOCATION", "PERSON", "the place"),
    "VEHICLE": ("REFERENCE", "the car", "that van"),
    "REFERENCE": ("COLLAR_NUMBER", "CRIME_REFERENCE", "INCIDENT_NUMBER", "CUSTODY_NUMBER"),
    "PHONE": ("REFERENCE",),
}
OFTEN_FOUND = ("PERSON", "PERSON", "LOCATION", "HANDLE", "ORGANISATION", "CALL_SIGN", "REFERENCE")

OPENINGS = (
    *("lads", "mate", "right", "ok", "oh", "well", "guys"),
    *("hi all", "tbh", "honestly", "so", "morning", "haha", "lol"),
)
CLOSINGS = (
    *("lol", "haha", "mate", "tbh", "x", "👍", "😂", "😂😂", "🙄", "😬", "ffs"),
    *("again", "!", "!!", "...", "?", "lads", "cheers", "ta", "just saying", "btw"),
)
SLANG = {
    **{"you": "u", "your": "ur", "are": "r", "please": "pls", "tomorrow": "tmrw", "people": "ppl"},
    **{"because": "cos", "tonight": "2nite", "before": "b4", "about": "bout", "going to": "gonna"},
    **{"and": "n", "with": "wiv", "the": "da", "what": "wot", "them": "em", "just": "jus"},
    **{"I am": "im", "don't": "dont", "isn't": "isnt", "can't": "cant", "they're": "theyre"},
}
LOOKALIKES = {"a": "4@*", "e": "3*", "i": "1!*", "o": "0*", "s": "5$", "u": "*v", "t": "7"}

_PLACEHOLDER = re.compile(r"<([A-Z_0-9]+)>")
_LONG_WORD = re.compile(r"(?<![<\w])[A-Za-z]{5,}(?![\w>])")

Edit = Callable[[str, random.Random], str]


def vary(template: Template, others: Sequence[Template], rng: random.Random) -> Example:
    """One message of ``template``; ``others`` are where an ordinary neighbour may come from."""
    text = expand(template.text, rng)
    for share, edit in EDITS:
        if rng.random() < share:
            text = edit(text, rng)
    if rng.random() < JOINED_SHARE:
        neighbour = rng.choice(others)
        if not neighbour.codes:
            pair = [text, expand(neighbour.text, rng)]
            rng.shuffle(pair)
            text = rng.choice((". ", " ", "\n", ", ")).join(pair)
    return Example(text, targets_of(template.codes))


def targets_of(codes: Sequence[str]) -> dict[str, float]:
    """Everything is known of a written message: 1 for its codes, 0 for the others."""
    return {code: float(code in codes) for code in CODES}


def _placeholders(text: str, rng: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        choices = PLACEHOLDERS.get(match[1], ())
        words = [choice for choice in choices if choice.islower()]
        kinds = [choice for choice in choices if not choice.islower()]
        draw = rng.random()
        if words and draw < DROPPED_SHARE:
            return rng.choice(words)
        if kinds and draw < DROPPED_SHARE + SWAPPED_SHARE:
            return f"<{rng.choice(kinds)}>"
        return match[0]

    return _PLACEHOLDER.sub(other, text)


def _put_in(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    words.insert(rng.choice((0, len(words), rng.randint(0, len(words)))), _found(rng))
    return " ".join(words)


def _found(rng: random.Random) -> str:
    return f"<{rng.choice(OFTEN_FOUND)}>"


def _open(text: str, rng: random.Random) -> str:
    return f"{rng.choice(OPENINGS)}{rng.choice((' ', ', '))}{text}"


def _close(text: str, rng: random.Random) -> str:
    return f"{text.rstrip('.') if rng.random() < 0.7 else text} {rng.choice(CLOSINGS)}"


def _slip(text: str, rng: random.Random) -> str:
    """Texting: slang, lost punctuation, or a letter lost, doubled or out of order."""
    kind = rng.random()
    if kind < 0.4:
        known = [word for word in SLANG if re.search(rf"\b{word}\b", text)]
        for word in rng.sample(known, min(2, len(known))):
            text = re.sub(rf"\b{word}\b", SLANG[word], text)
        return text
    if kind < 0.7:
        return re.sub(r"[.,;:'!?\"]", "", text)
    return _in_one_word(text, rng, _mistype)


def _mistype(word: str, rng: random.Random) -> str:
    at = rng.randint(1, len(word) - 2)
    lost = word[:at] + word[at + 1 :]
    doubled = word[:at] + word[at] + word[at:]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return rng.choice((lost, doubled, swapped))


def _spell(text: str, rng: random.Random) -> str:
    """A word written to slip past a filter: ``sc*m``, ``d3lete``."""

    def disguise(word: str, rng: random.Random) -> str:
        places = [at for at, letter in enumerate(word) if letter.lower() in LOOKALIKES and at]
        if not places:
            return word
        at = rng.choice(places)
        return word[:at] + rng.choice(LOOKALIKES[word[at].lower()]) + word[at + 1 :]

    return _in_one_word(text, rng, disguise)


def _in_one_word(text: str, rng: random.Random, edit: Edit) -> str:
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = rng.choice(words)
    return text[: word.start()] + edit(word.group(), rng) + text[word.end() :]


EDITS: tuple[tuple[float, Edit], ...] = (
    (1.0, _placeholders),
    (PUT_IN_SHARE, _put_in),
    (OPENING_SHARE, _open),
    (CLOSING_SHARE, _close),
    (SLIP_SHARE, _slip),
    (SPELT_SHARE, _spell),
)
