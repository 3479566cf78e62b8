"""Who may approve releases: roles, each with the public key of the one person who holds it.

A role names a duty ("data-protection-officer"), never a person. One role has one key and one key
one role, so two roles' signatures are two people's. When a role passes to somebody else its old
key is kept, for the releases it has approved, and approves nothing later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipelines.errors import CallerError
from pipelines.keys import read_secret, write_secret

ROLE = re.compile(r"[a-z][a-z0-9-]{1,47}")


@dataclass(frozen=True, slots=True)
class Approver:
    """A role and its holder's Ed25519 public key (64 hex digits).

    ``until`` is ``None`` while the key is in use, else the last month it may have approved
    (``""`` where nothing was published by then).
    """

    role: str
    public_key: str
    until: str | None = None

    def may_have_approved(self, month: str) -> bool:
        """Whether this key was the role's when ``month`` was published."""
        return self.until is None or month <= self.until


def make_approval_key(path: Path) -> str:
    """Write a new private key (PEM, 0600) to ``path``; its public key. Refuses to replace one."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_secret(path, pem.decode().strip())
    except FileExistsError:
        raise CallerError(f"{path} is there already: choose another file.") from None
    return public_hex(key)


def load_approval_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key. ``CallerError`` if it is missing, open to others or no such key."""
    text = read_secret(path, "make one with `candour keys approval`")
    try:
        key = serialization.load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CallerError(f"{path} is not an approval key: make one with `candour keys approval`.")
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public key of ``key``, as approvers are listed by."""
    return key.public_key().public_bytes_raw().hex()


def read_approvers(keys: Path) -> list[Approver]:
    """Everyone who may, or might once, approve: ``approvers.json`` in the keys' folder."""
    path = keys / "approvers.json"
    if not path.exists():
        return []
    return [Approver(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]


def enrol(keys: Path, role: str, public_key: str, last_release: str) -> Approver:
    """Give ``role`` to the holder of ``public_key``; whoever held it approves nothing from now on.

    ``last_release`` is the last month published (``""`` if none). Raises ``CallerError`` for a
    name that is no role's, what is no public key, or a key enrolled before.
    """
    check_role(role)
    _check_public_key(public_key)
    known = read_approvers(keys)
    if any(approver.public_key == public_key for approver in known):
        raise CallerError(
            "That key is enrolled already, and a key has one role: make another with "
            "`candour keys approval`."
        )
    kept = [
        Approver(a.role, a.public_key, last_release) if a.role == role and a.until is None else a
        for a in known
    ]
    added = Approver(role, public_key)
    _write(keys, [*kept, added])
    return added


def check_role(role: str) -> None:
    """Raise ``CallerError`` where ``role`` is not written as one."""
    if not ROLE.fullmatch(role):
        raise CallerError(
            f"{role!r} is not a role: use lower-case letters, digits and hyphens, such as "
            "data-protection-officer. Name the duty, not the person."
        )


def _check_public_key(public_key: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    except ValueError:
        raise CallerError(
            "That is not an approval key's public key: 64 hexadecimal digits, as "
            "`candour keys approval` prints."
        ) from None


def _write(keys: Path, approvers: Sequence[Approver]) -> None:
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = keys / ".approvers.json"
    fresh.unlink(missing_ok=True)
    write_secret(fresh, json.dumps([asdict(approver) for approver in approvers], indent=2))
    fresh.replace(keys / "approvers.json")
