"""Sealing exports to the collection's public key, and reading them back, as streams.

The payload is one line of JSON (``SealedHeader``) and then the bytes of each chat file, one after
the other. No plaintext copy is ever written: bytes go from the volunteer's file through age into
the inbox, and from the inbox through a pipe into the parser.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from pipelines.errors import CallerError, QuarantineError, Reason
from pipelines.intake.parts import BUFFER_BYTES, Part

MAX_HEADER_BYTES = 16_000_000  # 50,000 members' names fit many times over


@dataclass(frozen=True, slots=True)
class SealedPart:
    """A chat file in the payload: its name, its length in bytes and their SHA-256."""

    name: str = field(repr=False)
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SealedHeader:
    """First line of the payload. Ties the sealed bytes to their manifest."""

    submission_id: str
    export_sha256: str
    volunteer_name_in_chat: str = field(repr=False)
    parts: tuple[SealedPart, ...]

    def to_line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> SealedHeader:
        """Raises ``QuarantineError`` (``unreadable_seal``) for anything but a header."""
        try:
            raw = json.loads(line)
            parts = tuple(SealedPart(**part) for part in raw.pop("parts"))
            return cls(**raw, parts=parts)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise unreadable() from None


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measure(part: Part) -> SealedPart:
    """Read a part through once for its size and hash."""
    digest, size = hashlib.sha256(), 0
    with part.open() as stream:
        while block := stream.read(BUFFER_BYTES):
            digest.update(block)
            size += len(block)
    return SealedPart(part.name, size, digest.hexdigest())


def seal(
    header: SealedHeader,
    parts: Sequence[Part],
    out: BinaryIO,
    recipient: pyrage.x25519.Recipient,
) -> None:
    """Encrypt header and parts into ``out``. Raises ``CallerError`` if the export changed."""
    payload = _Payload(_blocks(header, parts))
    pyrage.encrypt_io(payload, out, [recipient])
    if payload.error:
        raise payload.error


def _blocks(header: SealedHeader, parts: Sequence[Part]) -> Iterator[bytes]:
    yield header.to_line()
    for promised, part in zip(header.parts, parts, strict=True):
        digest = hashlib.sha256()
        with part.open() as stream:
            while block := stream.read(BUFFER_BYTES):
                digest.update(block)
                yield block
        if digest.hexdigest() != promised.sha256:
            raise CallerError("The export changed while it was being read: submit it again.")


def reseal(
    path: Path,
    out: BinaryIO,
    identity: pyrage.x25519.Identity,
    recipient: pyrage.x25519.Recipient,
) -> None:
    """Encrypt what is sealed at ``path`` to another key, into ``out``; its plaintext is in memory
    alone. Raises ``QuarantineError`` (``unreadable_seal``) where ``identity`` does not open it.
    """
    stream = SealedStream(path, identity)
    payload = _Payload(iter(lambda: stream.read(BUFFER_BYTES), b""))
    try:
        pyrage.encrypt_io(payload, out, [recipient])
    finally:
        stream.close()
    if payload.error:
        raise payload.error


def opens(path: Path, identity: pyrage.x25519.Identity) -> bool:
    """Whether ``identity`` opens what is sealed at ``path``, as far as its first line."""
    stream = SealedStream(path, identity)
    try:
        return bool(stream.readline())
    except QuarantineError:
        return False
    finally:
        stream.close()


class _Payload:
    """Blocks as a file to read. Keeps an error for later: age would turn it into its own."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""
        self.error: Exception | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest and (block := next(self._blocks, b"")):
                self._rest = block
        except Exception as error:
            self.error = error
            return b""
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


class SealedStream:
    """Decrypts in a thread into a pipe, so that memory stays flat and nothing touches the disk.

    ``read`` and ``readline`` raise ``QuarantineError`` (``unreadable_seal``) where the seal was
    made for another key, tampered with or cut short.
    """

    def __init__(self, path: Path, identity: pyrage.x25519.Identity) -> None:
        read_end, write_end = os.pipe()
        self._pipe = os.fdopen(read_end, "rb", BUFFER_BYTES)
        self._failed = False
        arguments = (path, identity, write_end)
        self._thread = threading.Thread(target=self._decrypt, args=arguments, daemon=True)
        self._thread.start()

    def _decrypt(self, path: Path, identity: Any, write_end: int) -> None:
        try:
            with os.fdopen(write_end, "wb") as sink, path.open("rb") as source:
                pyrage.decrypt_io(source, sink, [identity])
        except Exception:  # a reader that stops early closes the pipe: nobody asks then
            self._failed = True

    def readline(self) -> bytes:
        return self._checked(self._pipe.readline(MAX_HEADER_BYTES))

    def read(self, size: int) -> bytes:
        return self._checked(self._pipe.read(size))

    def _checked(self, data: bytes) -> bytes:
        if not data:
            self._thread.join()
            if self._failed:
                raise unreadable()
        return data

    def close(self) -> None:
        self._pipe.close()
        self._thread.join()


def unreadable() -> QuarantineError:
    return QuarantineError(
        Reason.UNREADABLE_SEAL,
        "The sealed export cannot be opened: it is damaged or was sealed for another collection.",
    )
