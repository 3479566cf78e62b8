"""Exports to read: a plain file on the volunteer's machine, or a sealed one from the inbox."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import pyrage

from pipelines.errors import CallerError, QuarantineError, Reason
from pipelines.intake.archives import archive_parts, is_archive
from pipelines.intake.manifest import Manifest, read_manifest
from pipelines.intake.parts import BUFFER_BYTES, Budget, ExportSource, Part
from pipelines.intake.seal import SealedHeader, SealedPart, SealedStream, unreadable
from pipelines.settings import Settings

MANIFEST = "manifest.json"
EXPORT = "export.age"

__all__ = ["EXPORT", "MANIFEST", "ExportSource", "SealedExport", "open_plain", "open_sealed"]


@dataclass(frozen=True, slots=True)
class PlainExport:
    """A chat file, or a zip with chat files in it."""

    path: Path = field(repr=False)

    def parts(self, settings: Settings) -> Sequence[Part]:
        with self.path.open("rb") as file:
            head = file.read(4)
        if not head:
            raise QuarantineError(Reason.EMPTY, "The export is empty: export the chat again.")
        if is_archive(head):
            return archive_parts(self.path, settings)
        budget = _size_budget(settings)
        return [Part(self.path.name, partial(_open_file, self.path, budget))]


@dataclass(frozen=True, slots=True)
class SealedSource:
    """The chat files inside ``export.age``."""

    path: Path
    header: SealedHeader
    identity: pyrage.x25519.Identity = field(repr=False)

    def parts(self, settings: Settings) -> Sequence[Part]:
        budget = _size_budget(settings)
        offset, parts = 0, []
        for sealed in self.header.parts:
            opener = partial(self._open, sealed, offset, budget)
            parts.append(Part(sealed.name, opener))
            offset += sealed.size
        return parts

    def _open(self, sealed: SealedPart, offset: int, budget: Budget) -> BinaryIO:
        return budget.guard(sealed.name, _SealedPart(self, sealed, offset))


@dataclass(frozen=True, slots=True)
class SealedExport:
    """A submission from the inbox, ready to be read. The name stays in memory."""

    source: SealedSource
    manifest: Manifest
    volunteer_name: str = field(repr=False)


def open_plain(path: Path) -> PlainExport:
    """A raw export on this machine. Raises ``CallerError`` where there is no such file."""
    if path.is_dir():
        raise CallerError(f"{path} is a folder: hand over the chat file, or a zip of the folder.")
    if not path.is_file():
        raise CallerError(f"There is no file {path}: check its path.")
    return PlainExport(path)


def open_sealed(folder: Path, identity: pyrage.x25519.Identity) -> SealedExport:
    """A submission folder of the inbox. Raises ``QuarantineError`` where it cannot be trusted."""
    try:
        manifest = read_manifest((folder / MANIFEST).read_bytes())
        stream = SealedStream(folder / EXPORT, identity)
    except FileNotFoundError:
        problem = f"Submission {folder.name} has no {MANIFEST}."
        raise QuarantineError(Reason.BAD_MANIFEST, problem) from None
    try:
        header = SealedHeader.from_line(stream.readline())
    finally:
        stream.close()
    _check_belongs(header, manifest)
    source = SealedSource(folder / EXPORT, header, identity)
    return SealedExport(source, manifest, header.volunteer_name_in_chat)


def _check_belongs(header: SealedHeader, manifest: Manifest) -> None:
    promised = (str(manifest.submission_id), manifest.export_sha256)
    if (header.submission_id, header.export_sha256) != promised:
        raise QuarantineError(
            Reason.HASH_MISMATCH, "The sealed export is not the one its manifest describes."
        )


class _SealedPart:
    """One part's bytes out of the payload; its hash is checked at the end."""

    def __init__(self, source: SealedSource, sealed: SealedPart, offset: int) -> None:
        self._stream = SealedStream(source.path, source.identity)
        self._sealed, self._left = sealed, sealed.size
        self._digest = hashlib.sha256()
        self._stream.readline()
        self._skip(offset)

    def read(self, size: int) -> bytes:
        if not self._left:
            return b""
        data = self._stream.read(min(size, self._left))
        if not data:
            raise unreadable()
        self._left -= len(data)
        self._digest.update(data)
        if not self._left and self._digest.hexdigest() != self._sealed.sha256:
            raise QuarantineError(Reason.HASH_MISMATCH, "The sealed export was altered.")
        return data

    def _skip(self, n_bytes: int) -> None:
        while n_bytes:
            skipped = self._stream.read(min(n_bytes, BUFFER_BYTES))
            if not skipped:
                raise unreadable()
            n_bytes -= len(skipped)

    def close(self) -> None:
        self._stream.close()


def _open_file(path: Path, budget: Budget) -> BinaryIO:
    return budget.guard("", cast(BinaryIO, path.open("rb")))


def _size_budget(settings: Settings) -> Budget:
    return Budget(
        settings.max_export_bytes,
        Reason.TOO_LARGE,
        f"The export is larger than {settings.max_export_bytes:,} bytes: export without media.",
    )
