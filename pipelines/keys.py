"""The collection's secrets, kept in 0600 files, never printed, logged or an argument.

Three keys, so that each part holds only what it needs: whoever submits needs ``collection.pub``
alone; the de-identification worker ``collection.key`` and ``pseudonym.key``; the warehouse writer
``data.key``.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from pipelines.errors import CallerError

KEY_BYTES = 32  # AES-256 and HMAC-SHA256
MISSING = "make the collection's keys with `candour keys generate`"
NEXT = "next"  # folder of the keys that a rotation changes to, there until it has finished
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
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # the home, where it is new
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    write_secret(folder / "pseudonym.key", secrets.token_hex(KEY_BYTES))
    generate_rotated(folder)


def generate_rotated(folder: Path) -> None:
    """Make the keys that can be rotated: ``data.key``, ``collection.pub`` and ``.key``."""
    identity = pyrage.x25519.Identity.generate()
    write_secret(folder / "data.key", secrets.token_hex(KEY_BYTES))
    write_secret(folder / "collection.pub", str(identity.to_public()))
    write_secret(folder / "collection.key", str(identity))


def load_keys(folder: Path) -> Keys:
    """Read the keys in ``folder``. Raises ``CallerError`` if one is missing or open to others, or
    while a rotation is not finished.
    """
    return Keys(
        recipient=load_recipient(folder),
        identity=load_identity(folder),
        pseudonym=bytes.fromhex(read_secret(folder / "pseudonym.key")),
        data=read_secret(folder / "data.key"),
    )


def load_recipient(folder: Path) -> pyrage.x25519.Recipient:
    """The public key exports are sealed to: all that ``candour submit`` needs."""
    if (folder / NEXT).exists():
        raise CallerError(
            f"The keys in {folder} are being rotated. If that was stopped, finish it with `candour "
            "keys rotate`; then run again."
        )
    return pyrage.x25519.Recipient.from_str(read_secret(folder / "collection.pub"))


def load_identity(folder: Path) -> pyrage.x25519.Identity:
    """The private key that opens sealed exports."""
    return pyrage.x25519.Identity.from_str(read_secret(folder / "collection.key"))


@contextmanager
def in_use(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """While whoever seals, stages or rotates is at work, the keys in ``folder`` stay the same.

    A rotation has them ``alone``, once all others have finished.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:  # keys given otherwise, or none: reading them says so
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def write_secret(path: Path, value: str) -> None:
    """Write a new 0600 file. Raises ``FileExistsError``: a key is never replaced."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(handle)  # before anything is encrypted with it


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
