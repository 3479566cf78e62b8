"""The collection's secrets: made once, kept in 0600 files, never printed, logged or an argument.

Three keys, so that each part holds only what it needs: whoever submits needs ``collection.pub``
alone; the de-identification worker ``collection.key`` and ``pseudonym.key``; the warehouse writer
``data.key``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from pipelines.errors import CallerError

KEY_BYTES = 32  # AES-256 and HMAC-SHA256
MISSING = "make the collection's keys with `candour keys generate`"
PSEUDONYM_BYTES = 16  # half a SHA-256: no collisions at national scale, half the storage


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one collection. ``repr`` shows none of them."""

    recipient: pyrage.x25519.Recipient = field(repr=False)
    identity: pyrage.x25519.Identity = field(repr=False)
    pseudonym: bytes = field(repr=False)
    data: str = field(repr=False)

    def pseudonymise(self, purpose: str, *parts: str | bytes) -> bytes:
        """16-byte keyed HMAC-SHA256 of ``parts``; ``purpose`` keeps different columns apart."""
        return keyed_hash(self.pseudonym, purpose, *parts)


def keyed_hash(key: bytes, purpose: str, *parts: str | bytes) -> bytes:
    """``Keys.pseudonymise`` for who holds the pseudonym key alone."""
    return keyed_sha256(key, purpose, *parts)[:PSEUDONYM_BYTES]


def keyed_sha256(key: bytes, purpose: str, *parts: str | bytes) -> bytes:
    """32-byte HMAC-SHA256 of ``parts``: without the key nobody can tell what they were, nor make
    it again. ``purpose`` keeps different uses of a key apart.
    """
    mac = hmac.new(key, purpose.encode(), hashlib.sha256)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        mac.update(len(raw).to_bytes(8, "big"))
        mac.update(raw)
    return mac.digest()


def load_pseudonym_key(folder: Path) -> bytes:
    """The key of the pseudonyms and of the receipt codes' hashes."""
    return bytes.fromhex(read_secret(folder / "pseudonym.key"))


def generate_keys(folder: Path) -> None:
    """Make a collection's keys in ``folder`` (0700). Refuses to replace existing ones."""
    if (folder / "collection.key").exists():
        raise CallerError(f"{folder} already holds keys; replacing them would lose the collection.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    identity = pyrage.x25519.Identity.generate()
    write_secret(folder / "pseudonym.key", secrets.token_hex(KEY_BYTES))
    write_secret(folder / "data.key", secrets.token_hex(KEY_BYTES))
    write_secret(folder / "collection.pub", str(identity.to_public()))
    write_secret(folder / "collection.key", str(identity))


def load_keys(folder: Path) -> Keys:
    """Read the keys in ``folder``. Raises ``CallerError`` if one is missing or open to others."""
    identity = pyrage.x25519.Identity.from_str(read_secret(folder / "collection.key"))
    return Keys(
        recipient=load_recipient(folder),
        identity=identity,
        pseudonym=bytes.fromhex(read_secret(folder / "pseudonym.key")),
        data=read_secret(folder / "data.key"),
    )


def load_recipient(folder: Path) -> pyrage.x25519.Recipient:
    """The public key exports are sealed to: all that ``candour submit`` needs."""
    return pyrage.x25519.Recipient.from_str(read_secret(folder / "collection.pub"))


def write_secret(path: Path, value: str) -> None:
    """Write a new 0600 file. Raises ``FileExistsError``: a key is never replaced."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(value + "\n")


def read_secret(path: Path, missing: str = MISSING) -> str:
    """The text of a key file. ``CallerError`` where it is not there (``missing``: what to do) or
    others can read it.
    """
    try:
        mode = path.stat().st_mode
        value = path.read_text().strip()
    except FileNotFoundError:
        raise CallerError(f"No key at {path}: {missing}.") from None
    if mode & 0o077:
        raise CallerError(f"{path} can be read by others: run `chmod 600 {path}`.")
    return value
