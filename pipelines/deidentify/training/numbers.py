"""Invented numbers, codes and addresses to fill slots with, in the styles of many forces.

Every draw takes the generator, so a seed fixes a corpus. Nothing here is checked to be invalid:
only shapes are learnt, and no text made here is kept.
"""

from __future__ import annotations

import random
import re
import string

from pipelines.deidentify.lexicon import words

LETTERS = "ABCDEFGHJKLMNPRSTVWXY"
PHONETIC = sorted(
    words(
        """alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november
        oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu"""
    )
)
DIGITS = sorted(words("zero one two three four five six seven eight nine"))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OPERATIONS = sorted(
    words(
        """Larkspur Teasel Marten Quill Anvil Juniper Osprey Granite Saltmarsh Bramble Cobalt Heron
        Tansy Fathom Lintel Copse Ember Brisk Gannet Sable Walnut Pennant Thistle Mallet Kestrel
        Onyx Rampart Sundial Velvet Harrow Nettle Turret Basalt Cinder Dovetail Fennel Gavel
        Hollow Inkwell Lantern"""
    )
)
THREE_WORDS = sorted(
    words(
        """lamp river pencil cabin orbit stone velvet ladder banjo crisp sofa toast mango drift
        plum"""
    )
)

SHAPES: dict[str, tuple[str, ...]] = {
    "COLLAR": (
        "####", "####", "####", "###", "#####", "##", "@###", "@####", "####@@", "@@###",
        "######", "# # # #", "@ ###", "###@", "/####",
    ),
    "LOG": (
        "###", "####", "##", "0###", "####/##", "### of ##/##", "#### of the ##th",
        "####-##0#2026", "@-2026####-0###", "@##-######", "###-##0#26", "00###", "2026-0###",
        "### #", "##0#26-0###", "####/##0#", "@@-0####-26",
    ),
    "CRIME": (
        "#####/26", "26/#####", "CR/######/26", "##/#####/26", "0600###/26", "44260######",
        "4#/#######/26", "26000######", "@@@-####-26", "@/#####/26", "@@@####/26", "13-26-0####",
        "##### 26", "#######/25", "#####/25", "@@/####/2025", "OCC-26####", "26@@#####",
        "##@@/####/26", "0#/####-26", "###### / 26", "26*######", "2600#####", "#########",
        "@#####", "#####", "######",
    ),
    "CUSTODY": (
        "####/26", "@@/####/26", "@@-0####-26", "@@ ####", "0#@@/00###/26", "####", "##/####",
        "@@##/####/26", "####-26", "DP####", "26/0####", "@@@/####", "##@@/####/26", "#### of 26",
    ),
    "URN": (
        "##@@#######", "##@@ ##### 26", "##@@#####26", "##/@@/#####/26", "## @@ #####26",
        "##@@/#####/##",
    ),
    "SEAL": (
        "@#######", "#######", "@@######", "########", "#####", "@@@#####", "@@-####", "######",
        "@@#####@",
    ),
    "PNC": ("##/######@", "20##/#######@", "##/####@", "9#/#####@", "####/##@"),
    "EXT": ("####", "#####", "### ####", "###"),
    "PHONE": (
        "07700 900###", "07700900###", "07700 900 ###", "01632 96####", "01632 960 ###",
        "020 7946 0###", "+44 7700 900###", "07700-900-###", "0 7 7 0 0 900###", "07#########",
        "07### ######", "01### ######",
    ),
    "PLATE": ("@@## @@@", "@@##@@@", "@### @@@", "@@@ ###@", "@@## @ @@", "@## @@@", "@@@ ####"),
    "PARTIAL": ("@@##", "@@#", "@@## @", "##@", "@@@"),
    "POSTCODE": ("@@# #@@", "@@## #@@", "@# #@@", "@@##@@", "@@#", "@@##"),
    "NINO": ("QQ######@", "QQ ## ## ## @", "QQ ######@"),
    "NHS": ("999 ### ####", "999#######", "999-###-####"),
    "PASSPORT": ("#########", "@#######", "5########"),
    "LICENCE": ("@@@@@######@@#@@", "@@@@@ ###### @@#@@"),
    "SORT": ("##-##-##", "## ## ##", "######"),
    "ACCOUNT": ("########", "#### ####"),
    "IMEI": ("###############", "## ###### ###### #"),
    "CARD": ("#### #### #### ####", "################"),
    "LASTFOUR": ("####",),
    "LOGIN": ("@@####", "@####", "##@@###", "p####@@"),
    "PRISON": ("A####@@",),
}  # fmt: skip
"""``#`` is a digit, ``@`` a letter, ``*`` either."""


def reference(kind: str, rng: random.Random) -> str:
    """A number of ``kind`` (a key of ``SHAPES``), in small letters one time in two."""
    drawn = re.sub(r"[#@*]", lambda m: _character(m.group(), rng), rng.choice(SHAPES[kind]))
    return drawn.lower() if rng.random() < 0.5 else drawn


def _character(mark: str, rng: random.Random) -> str:
    digits, letters = string.digits, LETTERS
    return rng.choice({"#": digits, "@": letters, "*": digits + letters}[mark])


def respell(number: str, rng: random.Random) -> str:
    """Another number of the same shape: digits for digits, letters kept or drawn again; a spoken
    "oh" stays."""
    again = rng.random() < 0.5

    def other(match: re.Match[str]) -> str:
        char = match.group()
        if char.isdigit():
            return rng.choice(string.digits)
        drawn = rng.choice(LETTERS) if again and not number.isalpha() else char
        return drawn if char.isupper() else drawn.lower()

    return re.sub(r"\d|(?<![A-Za-z])(?!(?i:oh)\b)[A-Za-z]{1,2}(?![A-Za-z])", other, number)


def call_sign(rng: random.Random) -> str:
    """``BX21``, ``tango two one``, ``Sierra Oscar 90``."""
    roll = rng.random()
    if roll < 0.35:
        letters = "".join(rng.choice(LETTERS) for _ in range(rng.choice([1, 2, 2, 3])))
        sign = f"{letters}{rng.choice(['', '', '-', ' '])}{rng.randint(1, 99)}"
        return sign + rng.choice(["", "", "", rng.choice(LETTERS)])
    words = [rng.choice(PHONETIC) for _ in range(rng.choice([1, 1, 2]))]
    number = [str(rng.randint(1, 99))] if roll < 0.75 else rng.choices(DIGITS, k=rng.choice([1, 2]))
    said = [w.title() for w in words] if rng.random() < 0.4 else words
    return " ".join([*said, *number])


def plate(rng: random.Random) -> str:
    """A number plate, now and then read out."""
    if rng.random() < 0.8:
        return reference("PLATE", rng)
    spoken = [rng.choice(PHONETIC), rng.choice(PHONETIC), *rng.choices(DIGITS, k=2)]
    return " ".join(spoken + rng.choices(PHONETIC, k=3))


def birth_date(rng: random.Random) -> str:
    """``4/4/87``, ``12 Mar 1989``, ``030791``, ``1994``."""
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1940, 2011)
    short = f"{year % 100:02d}"
    word = rng.choice([MONTHS[month - 1], MONTHS[month - 1].title()])
    forms = (
        f"{day}/{month}/{short}", f"{day:02d}/{month:02d}/{year}", f"{day:02d}-{month:02d}-{year}",
        f"{day}.{month}.{short}", f"{day} {word} {year}", f"{day}{word}{short}",
        f"{day:02d}{month:02d}{short}", f"{day}th {word} {year}", f"{year}",
        f"{day:02d} {month:02d} {year}", f"{word} {day} {year}",
    )  # fmt: skip
    return rng.choice(forms)


def operation(rng: random.Random) -> str:
    """The name of an operation, in any case."""
    name = rng.choice(OPERATIONS)
    return rng.choice([name, name.upper(), name.lower()])


def three_words(rng: random.Random) -> str:
    """A what3words address, with or without its slashes."""
    return rng.choice(["///", "", ""]) + ".".join(rng.sample(THREE_WORDS, 3))
