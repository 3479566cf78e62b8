"""Approvals: what one says, who may give it, and whether one given is good.

An approval is an Ed25519 signature over a statement naming the release, the role and the hash of
its ``SHA256SUMS``, hence every byte of it and, through its manifest, of every release before. It
cannot be moved to another release, role or version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipelines.errors import CallerError
from pipelines.release.approvers import Approver, check_role, public_hex
from pipelines.release.files import CHECKSUMS, approval_files, sha256

APPROVALS_NEEDED = 2  # two different people, so that nobody publishes alone
PURPOSE = "candour release approval 1"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed. ``sums_sha256`` is of the release's ``SHA256SUMS``; the date is ISO."""

    release: str
    role: str
    sums_sha256: str
    approved_on: str

    def as_bytes(self) -> bytes:
        """The exact bytes signed."""
        said = {"purpose": PURPOSE, **asdict(self)}
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class SignedApproval:
    """A statement, the public key it was signed for and the signature (hexadecimal)."""

    statement: Statement
    public_key: str
    signature: str


class BadApprovalError(Exception):
    """An approval that does not count, and why."""


def sign(folder: Path, role: str, key: Ed25519PrivateKey, today: date) -> SignedApproval:
    """Approve the release in ``folder`` (named by its month) as it is now."""
    sums = sha256(folder / CHECKSUMS)
    statement = Statement(folder.name, role, sums, today.isoformat())
    return SignedApproval(statement, public_hex(key), key.sign(statement.as_bytes()).hex())


def write_approval(path: Path, approval: SignedApproval) -> None:
    """Write an approval as JSON."""
    path.write_text(json.dumps(asdict(approval), indent=2) + "\n", encoding="utf-8")


def read_approval(path: Path) -> SignedApproval:
    """Read one. Raises ``BadApprovalError`` where the file is something else."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        statement = Statement(**said.pop("statement"))
        return SignedApproval(statement, **said)
    except (ValueError, TypeError, KeyError, AttributeError, OSError):
        raise BadApprovalError("is not an approval") from None


def check_can_approve(
    role: str, public_key: str, approvers: Iterable[Approver], given: Iterable[SignedApproval]
) -> None:
    """Raise ``CallerError`` unless the holder of ``role`` and of this key may approve now."""
    check_role(role)
    holder = next((a for a in approvers if a.role == role and a.until is None), None)
    if holder is None:
        raise CallerError(f"Nobody holds the role {role}: enrol its key with `candour keys enrol`.")
    if holder.public_key != public_key:
        raise CallerError(f"That key is not the one enrolled for {role}: use that role's key.")
    for approval in given:
        if approval.statement.role == role or approval.public_key == public_key:
            raise CallerError(
                f"{approval.statement.role} has approved this release: somebody else must be the "
                "second."
            )


def check_approval(
    approval: SignedApproval, folder: Path, month: str, approvers: Iterable[Approver]
) -> None:
    """Raise ``BadApprovalError`` unless it is a good approval of exactly these bytes."""
    said = approval.statement
    holders = [a for a in approvers if a.role == said.role and a.may_have_approved(month)]
    if approval.public_key not in {holder.public_key for holder in holders}:
        raise BadApprovalError(f"is not by a key enrolled for {said.role}")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(approval.public_key))
        key.verify(bytes.fromhex(approval.signature), said.as_bytes())
    except (ValueError, InvalidSignature):
        raise BadApprovalError("has a signature that does not fit") from None
    if said.release != month:
        raise BadApprovalError(f"is of {said.release}")
    if said.sums_sha256 != sha256(folder / CHECKSUMS):
        raise BadApprovalError("is of other bytes than these")


def good_approvals(
    folder: Path, month: str, approvers: Sequence[Approver]
) -> tuple[list[SignedApproval], list[str]]:
    """The approvals of a release that count, and what is wrong with the others."""
    good: list[SignedApproval] = []
    problems = []
    for path in approval_files(folder):
        try:
            approval = read_approval(path)
            if path.name != f"{approval.statement.role}.json":
                raise BadApprovalError("is not named as its role")
            check_approval(approval, folder, month, approvers)
            if approval.public_key in {other.public_key for other in good}:
                raise BadApprovalError("is by a key that approved it already")
            good.append(approval)
        except BadApprovalError as error:
            problems.append(f"the approval {path.name} {error}")
    return good, problems
