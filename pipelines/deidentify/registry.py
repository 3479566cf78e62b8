"""Every recogniser Candour uses, in Presidio's registry. US and other foreign ones are left out:
they take ``a45``, ``m14`` and six-digit numbers for documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from presidio_analyzer import EntityRecognizer, RecognizerRegistry

from pipelines.deidentify.recognisers.address import Address
from pipelines.deidentify.recognisers.alias import Alias
from pipelines.deidentify.recognisers.bank_account import BankAccount
from pipelines.deidentify.recognisers.call_sign import CallSign
from pipelines.deidentify.recognisers.card import Card
from pipelines.deidentify.recognisers.collar_number import CollarNumber
from pipelines.deidentify.recognisers.coordinates import Coordinates
from pipelines.deidentify.recognisers.crime_reference import CrimeReference
from pipelines.deidentify.recognisers.custody_number import CustodyNumber
from pipelines.deidentify.recognisers.date_of_birth import DateOfBirth
from pipelines.deidentify.recognisers.device import ContactCard, Device, FileName
from pipelines.deidentify.recognisers.driving_licence import DrivingLicence
from pipelines.deidentify.recognisers.email import Email
from pipelines.deidentify.recognisers.exhibit import Exhibit
from pipelines.deidentify.recognisers.handle import Handle
from pipelines.deidentify.recognisers.iban import Iban
from pipelines.deidentify.recognisers.incident_number import IncidentNumber
from pipelines.deidentify.recognisers.ip_address import IpAddress
from pipelines.deidentify.recognisers.names import Names
from pipelines.deidentify.recognisers.national_insurance import NationalInsurance
from pipelines.deidentify.recognisers.nhs_number import NhsNumber, StatedNhsNumber
from pipelines.deidentify.recognisers.number_ending import NumberEnding
from pipelines.deidentify.recognisers.operation import Operation
from pipelines.deidentify.recognisers.organisation import Organisation
from pipelines.deidentify.recognisers.passport import Passport
from pipelines.deidentify.recognisers.phone import Phone
from pipelines.deidentify.recognisers.places import Places
from pipelines.deidentify.recognisers.pnc_id import PncId, StatedPncId
from pipelines.deidentify.recognisers.postcode import Postcode
from pipelines.deidentify.recognisers.reference import Reference
from pipelines.deidentify.recognisers.spoken_number import SpokenNumber
from pipelines.deidentify.recognisers.url import Url
from pipelines.deidentify.recognisers.urn import Urn
from pipelines.deidentify.recognisers.vehicle import Vehicle
from pipelines.deidentify.recognisers.venue import NamedPlace, SignOrShop, Venue
from pipelines.deidentify.recognisers.what3words import What3Words

ALL: tuple[Callable[[], EntityRecognizer], ...] = (
    Address,
    Alias,
    BankAccount,
    CallSign,
    Card,
    CollarNumber,
    ContactCard,
    Coordinates,
    CrimeReference,
    CustodyNumber,
    DateOfBirth,
    Device,
    DrivingLicence,
    Email,
    Exhibit,
    FileName,
    Handle,
    Iban,
    IncidentNumber,
    IpAddress,
    NamedPlace,
    Names,
    NationalInsurance,
    NhsNumber,
    NumberEnding,
    Operation,
    Organisation,
    Passport,
    Phone,
    Places,
    PncId,
    Postcode,
    Reference,
    SignOrShop,
    SpokenNumber,
    StatedNhsNumber,
    StatedPncId,
    Url,
    Urn,
    Vehicle,
    Venue,
    What3Words,
)


def registry(extra: Iterable[EntityRecognizer] = ()) -> RecognizerRegistry:
    """A Presidio registry of every recogniser, and ``extra`` (the name model)."""
    return RecognizerRegistry(recognizers=[*(make() for make in ALL), *extra])
