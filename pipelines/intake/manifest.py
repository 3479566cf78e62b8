"""What a volunteer agrees to and what accompanies their sealed export. Never a name."""

from __future__ import annotations

import json
import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from pipelines.errors import CallerError, QuarantineError, Reason
from pipelines.intake.forces import find_force, load_forces

__all__ = ["Consent", "ConsentScope", "Manifest", "Platform", "find_force", "load_forces"]

CONSENT_VERSIONS = ("1.0", "1.1")  # the wording of each is in docs/consent.md
SHA256 = re.compile("[0-9a-f]{64}")

# A code and not a name: no spaces, as the collection issues them.
ContributorCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{4,64}$")]
Platform = Literal["whatsapp", "telegram", "messenger", "signal", "instagram"]


class ConsentScope(StrEnum):
    """Whose messages may be used: the volunteer's own, or everybody's who agreed."""

    OWN_MESSAGES = "own_messages"
    WHOLE_CHAT = "whole_chat"


def _known_version(version: str) -> str:
    if version not in CONSENT_VERSIONS:
        raise ValueError(f"unknown consent version; in use: {', '.join(CONSENT_VERSIONS)}")
    return version


def _known_code(code: str) -> str:
    if code not in {force.code for force in load_forces()}:
        raise ValueError("unknown force code; `candour forces` lists them")
    return code


def _not_in_the_future(day: date) -> date:
    if day > date.today():
        raise ValueError("consent cannot be given in the future")
    return day


class Consent(BaseModel):
    """The consent form as signed. ``whole_chat`` needs every member's agreement attested."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Annotated[str, AfterValidator(_known_version)]
    given_on: Annotated[date, AfterValidator(_not_in_the_future)]
    scope: ConsentScope = ConsentScope.OWN_MESSAGES
    every_member_agreed: bool = Field(
        default=False, description="The volunteer attests that every member of the chat agreed"
    )

    @model_validator(mode="after")
    def _whole_chat_is_attested(self) -> Self:
        if self.scope is ConsentScope.WHOLE_CHAT and not self.every_member_agreed:
            raise ValueError("whole_chat needs every_member_agreed: ask them, or use own_messages")
        return self

    @classmethod
    def from_form(cls, *, version: str, given_on: str, scope: ConsentScope) -> Self:
        """From the command line, where asking for the whole chat is the attestation.

        Raises ``CallerError`` naming the field that is missing or wrong.
        """
        attested = scope is ConsentScope.WHOLE_CHAT
        try:
            return cls.model_validate(
                {
                    "version": version,
                    "given_on": given_on,
                    "scope": scope,
                    "every_member_agreed": attested,
                }
            )
        except ValidationError as error:
            raise CallerError(f"The consent is not usable: {_explain(error)}.") from None


class Manifest(BaseModel):
    """``manifest.json`` of one submission."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    submission_id: UUID
    force: Annotated[str, AfterValidator(_known_code)]
    platform: Platform
    contributor: ContributorCode
    consent: Consent
    export_sha256: Annotated[str, StringConstraints(pattern=SHA256.pattern)]
    received_at: AwareDatetime


def read_manifest(raw: bytes) -> Manifest:
    """Check a stored manifest. Raises ``QuarantineError`` (``bad_manifest``)."""
    try:
        return Manifest.model_validate_json(raw)
    except ValidationError as error:
        problem = f"The manifest is not valid: {_explain(error)}."
        raise QuarantineError(Reason.BAD_MANIFEST, problem) from None


def build_manifest(fields: dict[str, Any]) -> Manifest:
    """Check what a caller gave. Raises ``CallerError`` naming the field that is wrong."""
    try:
        return Manifest.model_validate(fields)
    except ValidationError as error:
        raise CallerError(f"The submission is not usable: {_explain(error)}.") from None


def manifest_schema() -> str:
    """The JSON Schema published as docs/manifest.schema.json."""
    return json.dumps(Manifest.model_json_schema(), indent=2) + "\n"


def _explain(error: ValidationError) -> str:
    """Fields and what is wrong with them, never the values."""
    problems = (
        f"{'.'.join(str(part) for part in item['loc']) or 'consent'}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return "; ".join(problems)
