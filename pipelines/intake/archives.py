"""Chat files inside a zip. Media are never read and nothing is unpacked to disk.

Exports with media are mostly pictures: only members that can be a chat are opened, as streams.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pipelines.errors import QuarantineError, Reason
from pipelines.intake.parts import Budget, Part
from pipelines.settings import Settings

ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
CHAT_SUFFIXES = {".txt", ".json", ".jsonl"}
ENCRYPTED = 0x1  # general purpose bit 0, APPNOTE 4.4.4
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that phones write; others can be bombs
# All that ``zipfile`` raises over forged fields: a bad offset is an ``OSError`` from ``seek``.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def is_archive(head: bytes) -> bool:
    """Whether the first bytes are those of a zip."""
    return head.startswith(ZIP_SIGNATURES)


def archive_parts(path: Path, settings: Settings) -> list[Part]:
    """The chat files in the zip at ``path``, by name. Raises ``QuarantineError``."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except DAMAGE:
        raise _damaged() from None
    if len(members) > settings.max_archive_members:
        raise QuarantineError(
            Reason.ARCHIVE_TOO_LARGE,
            f"The zip has more than {settings.max_archive_members:,} members: "
            "export the chat without media.",
        )
    _check_paths(members)
    chats = sorted((m for m in members if _may_be_chat(m)), key=lambda m: m.filename)
    if not chats:
        raise QuarantineError(
            Reason.ARCHIVE_WITHOUT_CHAT,
            "The zip holds no chat file (.txt or .json): use the app's own chat export.",
        )
    if any(m.flag_bits & ENCRYPTED for m in chats):
        raise QuarantineError(
            Reason.ARCHIVE_DAMAGED,
            "The zip is protected by a password: unpack it and hand over the chat file.",
        )
    if any(m.compress_type not in METHODS for m in chats):
        raise _damaged()
    budget = _budget(path, settings)
    return [Part(m.filename, partial(_open_member, path, m, budget)) for m in chats]


def _budget(path: Path, settings: Settings) -> Budget:
    by_ratio = path.stat().st_size * settings.max_archive_ratio
    return Budget(
        min(by_ratio, settings.max_export_bytes),
        Reason.ARCHIVE_TOO_LARGE,
        "The zip unpacks to far more than a chat: export the chat again.",
    )


def _open_member(path: Path, member: zipfile.ZipInfo, budget: Budget) -> BinaryIO:
    return budget.guard(member.filename, _Member(path, member))


class _Member:
    """One member's bytes, owning the open file; damage becomes a reason code, never a name."""

    def __init__(self, path: Path, member: zipfile.ZipInfo) -> None:
        self._file = path.open("rb")
        try:
            self._stream = zipfile.ZipFile(self._file).open(member)  # noqa: SIM115 (see close)
        except DAMAGE:
            self._file.close()
            raise _damaged() from None

    def read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except DAMAGE:
            raise _damaged() from None

    def close(self) -> None:
        self._stream.close()
        self._file.close()


def _check_paths(members: Sequence[zipfile.ZipInfo]) -> None:
    if any(_is_unsafe(member) for member in members):
        raise QuarantineError(
            Reason.ARCHIVE_UNSAFE_PATH,
            "The zip has a member that points outside it: export the chat again from the app.",
        )


def _is_unsafe(member: zipfile.ZipInfo) -> bool:
    # ``orig_filename``: ``filename`` has already lost what follows a NUL and the backslashes.
    path = PurePosixPath(member.orig_filename.replace("\\", "/"))
    drive = ":" in (path.parts[0][1:2] if path.parts else "")
    link = stat.S_ISLNK(member.external_attr >> 16)
    return path.is_absolute() or ".." in path.parts or drive or link or "\0" in str(path)


def _may_be_chat(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    decoy = "__MACOSX" in path.parts or path.name.startswith(".")
    return not member.is_dir() and not decoy and path.suffix.lower() in CHAT_SUFFIXES


def _damaged() -> QuarantineError:
    return QuarantineError(
        Reason.ARCHIVE_DAMAGED, "The zip is damaged or incomplete: export or copy it again."
    )
