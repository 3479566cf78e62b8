"""The kinds of identity, how sure one must be, and which wins where two overlap."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a placeholder says was there."""

    PERSON = "PERSON"
    LOCATION = "LOCATION"
    ORGANISATION = "ORGANISATION"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    URL = "URL"
    HANDLE = "HANDLE"
    VEHICLE = "VEHICLE"
    POSTCODE = "POSTCODE"
    ADDRESS = "ADDRESS"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    NATIONAL_INSURANCE = "NATIONAL_INSURANCE"
    NHS_NUMBER = "NHS_NUMBER"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    PASSPORT = "PASSPORT"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    CARD = "CARD"
    IBAN = "IBAN"
    IP_ADDRESS = "IP_ADDRESS"
    DEVICE = "DEVICE"
    COLLAR_NUMBER = "COLLAR_NUMBER"
    PNC_ID = "PNC_ID"
    CRIME_REFERENCE = "CRIME_REFERENCE"
    INCIDENT_NUMBER = "INCIDENT_NUMBER"
    CUSTODY_NUMBER = "CUSTODY_NUMBER"
    URN = "URN"
    CALL_SIGN = "CALL_SIGN"
    OPERATION = "OPERATION"
    WHAT3WORDS = "WHAT3WORDS"
    REFERENCE = "REFERENCE"  # a number or code that points at somebody, of no kind known
    OTHER_LANGUAGE = "OTHER_LANGUAGE"  # words nobody here can read: whose, is not known


UNPROCESSED = "<UNPROCESSED>"

# A finding below this is not redacted. Presidio's own minimum after a context word is 0.4
# (LemmaContextAwareEnhancer), so a weak pattern with context passes and one without does not.
THRESHOLD = 0.4

# From this score on a person found once is looked for in the whole chat.
CONFIDENT = 0.8


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A span of the folded text that names or numbers somebody."""

    start: int
    end: int
    kind: str
    score: float
