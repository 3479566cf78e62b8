"""Made-up identifiers in the shapes British police chats hold. None can belong to anyone:
phones from Ofcom's ranges for drama, plates with age marks not yet issued, postcodes in areas
that do not exist, e-mail in domains reserved by RFC 2606.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

# Ofcom, "Telephone numbers for use in TV and radio drama programmes"; each range has 1,000.
DRAMA_RANGES = (
    "07700 900{:03d}",
    "07700 900{:03d}",
    "07700 900{:03d}",
    "07700900{:03d}",
    "+44 7700 900{:03d}",
    "01632 960{:03d}",
    "0113 496 0{:03d}",
    "0115 496 0{:03d}",
    "020 7946 0{:03d}",
)
CANARY_SUFFIX = 900  # phone endings from here on are left to canaries
UNUSED_POSTCODE_AREAS = ("AC", "BK", "FN", "GQ", "HM", "KR", "LW", "NB", "PB", "RW", "TB", "YL")
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
PLATE_LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"
UNISSUED_AGE_MARKS = range(30, 50)  # issue had reached 26 and 76 in 2026
RESERVED_DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com")
FORCE_PREFIXES = ("AB", "KD", "LR", "MQ", "NW", "TY")
OPERATION_NAMES = (
    "Harrier", "Tamarind", "Copperleaf", "Longboat", "Saffron", "Millstone", "Kestrel", "Juniper",
    "Broadoak", "Lantern", "Marlstone", "Pinwheel", "Quarry", "Rosewood", "Sandbar", "Velvet",
)  # fmt: skip


def phone(rng: Random) -> str:
    return rng.choice(DRAMA_RANGES).format(rng.randrange(CANARY_SUFFIX))


def letters(rng: Random, count: int) -> str:
    return "".join(rng.choices(PLATE_LETTERS, k=count))


def plate(rng: Random) -> str:
    space = rng.choice((" ", " ", ""))
    return f"{letters(rng, 2)}{rng.choice(UNISSUED_AGE_MARKS)}{space}{letters(rng, 3)}"


def postcode(rng: Random) -> str:
    inward = "".join(rng.choices(INWARD_LETTERS, k=2))
    area = rng.choice(UNUSED_POSTCODE_AREAS)
    return f"{area}{rng.randint(1, 29)} {rng.randint(1, 9)}{inward}"


def collar_number(rng: Random) -> str:
    return rng.choice(("PC {}", "{}", "PC{}", "PS {}", "PCSO {}")).format(rng.randint(1102, 9871))


def crime_reference(rng: Random) -> str:
    shape = rng.randrange(3)
    if shape == 0:
        return f"{rng.choice(FORCE_PREFIXES)}/{rng.randint(10000, 99999)}/26"
    if shape == 1:
        return f"{rng.randint(10, 55)}{rng.choice(FORCE_PREFIXES)[0]}{rng.randint(100000, 999999)}"
    return f"CR/{rng.randint(100000, 999999)}/25"


def incident_number(rng: Random) -> str:
    number = rng.randint(14, 2480)
    return rng.choice(("log {}", "CAD {}", "log {} of today", "inc {}")).format(number)


def date_of_birth(rng: Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1948, 2009)
    return rng.choice(
        (
            f"{day:02d}/{month:02d}/{year}",
            f"{day}.{month}.{year % 100:02d}",
            f"{day}/{month}/{year}",
        )
    )


def custody_number(rng: Random) -> str:
    return f"{rng.choice(FORCE_PREFIXES)}/{rng.randint(1000, 19999)}/26"


def urn(rng: Random) -> str:
    return f"{rng.randint(10, 55)}{letters(rng, 2)}{rng.randint(1000000, 9999999)}"


def call_sign(rng: Random) -> str:
    return rng.choice(("{}{}{}", "{}-{}{}")).format(
        rng.choice(("Bravo ", "Tango ", "Echo ", "Mike ")), rng.randint(1, 9), rng.randint(0, 9)
    )


def operation(rng: Random) -> str:
    return f"{rng.choice(('Op', 'Operation'))} {rng.choice(OPERATION_NAMES)}"


def pnc_id(rng: Random) -> str:
    return f"{rng.randint(85, 99)}/{rng.randint(10000, 999999)}{letters(rng, 1)}"


def national_insurance(rng: Random) -> str:
    digits = f"{rng.randint(0, 999999):06d}"
    return f"ZY {digits[:2]} {digits[2:4]} {digits[4:]} {rng.choice('ABCD')}"


def email(rng: Random, first: str, last: str) -> str:
    local = rng.choice((f"{first}.{last}", f"{first[0]}{last}", f"{first}{rng.randint(1, 99)}"))
    return f"{local}@{rng.choice(RESERVED_DOMAINS)}".lower().replace(" ", "").replace("'", "")


def handle(rng: Random, first: str, last: str) -> str:
    name = rng.choice((f"{first}_{last}", f"{first}{rng.randint(1, 99)}x", f"the.real.{last}"))
    return "@" + name.lower().replace(" ", "").replace("'", "")


# Slots that need nothing but chance: slot name -> (entity type, maker).
PLAIN_SLOTS: dict[str, tuple[str, Callable[[Random], str]]] = {
    "phone": ("PHONE", phone),
    "plate": ("VEHICLE", plate),
    "postcode": ("POSTCODE", postcode),
    "collar": ("COLLAR_NUMBER", collar_number),
    "crimeref": ("CRIME_REFERENCE", crime_reference),
    "cad": ("INCIDENT_NUMBER", incident_number),
    "dob": ("DATE_OF_BIRTH", date_of_birth),
    "custody": ("CUSTODY_NUMBER", custody_number),
    "urn": ("URN", urn),
    "callsign": ("CALL_SIGN", call_sign),
    "op": ("OPERATION", operation),
    "pnc": ("PNC_ID", pnc_id),
    "nino": ("NATIONAL_INSURANCE", national_insurance),
}
