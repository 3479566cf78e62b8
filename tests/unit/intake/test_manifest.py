"""What is agreed to and accompanies an export; what is refused, in words without the value."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.errors import CallerError, QuarantineError, Reason
from pipelines.intake.forces import find_force, load_forces
from pipelines.intake.manifest import Consent, ConsentScope, manifest_schema, read_manifest
from pipelines.settings import REPOSITORY

GOOD: dict[str, Any] = {
    "submission_id": "0b8e9f0a-6f0e-4bb0-9f5e-1d5f3b6f7a11",
    "force": "E23000032",
    "platform": "whatsapp",
    "contributor": "C0a1b2c3d4",
    "consent": {"version": "1.0", "given_on": "2026-01-31", "scope": "own_messages"},
    "export_sha256": "ab" * 32,
    "received_at": "2026-02-01T09:00:00Z",
}


def test_a_good_manifest_is_read() -> None:
    manifest = read_manifest(json.dumps(GOOD).encode())

    assert manifest.consent.scope is ConsentScope.OWN_MESSAGES
    assert manifest.received_at.utcoffset() == timedelta(0)


WHOLE = {**GOOD["consent"], "scope": "whole_chat"}
BAD = {
    "an unknown force": {"force": "E99999999"},
    "an alias where the code belongs": {"force": "kent"},
    "an unknown platform": {"platform": "carrier-pigeon"},
    "a name for a contributor": {"contributor": "Sam Hollow"},
    "no consent": {"consent": None},
    "an unknown consent version": {"consent": {**GOOD["consent"], "version": "0.1"}},
    "a whole chat not attested": {"consent": WHOLE},
    "a naive time": {"received_at": "2026-02-01T09:00:00"},
    "half a hash": {"export_sha256": "ab" * 16},
    "a name in the clear": {"volunteer_name_in_chat": "Sam Hollow"},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_a_bad_manifest_is_refused_without_its_values(change: dict[str, Any]) -> None:
    with pytest.raises(QuarantineError) as refusal:
        read_manifest(json.dumps(GOOD | change).encode())

    assert refusal.value.reason is Reason.BAD_MANIFEST
    assert next(iter(change)) in str(refusal.value)
    assert "Sam Hollow" not in str(refusal.value)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe"])
def test_what_is_no_manifest_at_all_is_refused(raw: bytes) -> None:
    with pytest.raises(QuarantineError):
        read_manifest(raw)


def test_the_whole_chat_with_every_members_agreement_is_accepted() -> None:
    attested = {**WHOLE, "every_member_agreed": True}

    manifest = read_manifest(json.dumps(GOOD | {"consent": attested}).encode())
    assert manifest.consent.scope is ConsentScope.WHOLE_CHAT


@pytest.mark.parametrize(
    ("version", "given_on", "field"),
    [
        ("", "2026-01-31", "version"),
        ("1.0", "", "given_on"),
        ("1.0", "31 January", "given_on"),
        ("1.0", (date.today() + timedelta(days=2)).isoformat(), "given_on"),
    ],
)
def test_a_consent_form_names_the_field_that_is_missing(
    version: str, given_on: str, field: str
) -> None:
    with pytest.raises(CallerError, match=field):
        Consent.from_form(version=version, given_on=given_on, scope=ConsentScope.OWN_MESSAGES)


@pytest.mark.parametrize("asked", ["E23000032", "Kent Police", "kent", " KENT "])
def test_a_force_goes_by_code_name_and_short_name(asked: str) -> None:
    assert find_force(asked).code == "E23000032"


def test_an_unknown_force_says_where_to_look() -> None:
    with pytest.raises(CallerError, match="candour forces"):
        find_force("Toytown")


def test_there_are_43_forces_with_codes_of_their_own() -> None:
    assert len({force.code for force in load_forces()}) == 43


def test_the_published_schema_is_the_models() -> None:
    published = (REPOSITORY / "docs" / "manifest.schema.json").read_text(encoding="utf-8")

    assert published == manifest_schema()
