"""The folders a submission moves through: inbox and quarantine. Every move is one rename."""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from pipelines.errors import CallerError, Reason
from pipelines.intake.source import EXPORT, MANIFEST
from pipelines.settings import Settings

REASON = "reason.json"


def pending(settings: Settings) -> list[Path]:
    """Submission folders waiting in the inbox, in a stable order."""
    return _submissions(settings.inbox)


def quarantined(settings: Settings) -> list[Path]:
    """Submission folders in quarantine, each with its ``reason.json``."""
    return _submissions(settings.quarantine)


def read_reason(folder: Path) -> dict[str, object]:
    """Why a submission is in quarantine: ``reason``, ``at``, ``version`` and ``counts``."""
    return dict(json.loads((folder / REASON).read_bytes()))


def quarantine(
    folder: Path, reason: Reason, settings: Settings, counts: Mapping[str, int] | None = None
) -> Path:
    """Move a submission, still sealed, out of the inbox with a reason code. Returns where to."""
    record = {
        "reason": reason.value,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("candour"),
        "counts": {"sealed_bytes": sealed_bytes(folder), **(counts or {})},
    }
    write_durably(folder / REASON, json.dumps(record).encode() + b"\n")
    return move(folder, settings.quarantine)


def requeue(settings: Settings, submission_id: str | None = None) -> dict[str, int]:
    """Move one submission, or all, from quarantine back to the inbox: how many, by reason.

    Raises ``CallerError`` where ``submission_id`` is not in quarantine.
    """
    folders = quarantined(settings)
    if submission_id is not None:
        folders = [f for f in folders if f.name == submission_id]
        if not folders:
            raise CallerError(f"No submission {submission_id} is in quarantine: `candour status`.")
    reasons = (_requeue(folder, settings) for folder in folders)
    return dict(sorted(Counter(reason for reason in reasons if reason).items()))


@contextmanager
def hold(folder: Path, *, alone: bool = False) -> Iterator[bool]:
    """While a submission is worked on, nobody removes it. Yields whether it is there.

    Whoever reads it holds it with others; whoever removes it holds it ``alone``, once all others
    have finished. The lock is on the manifest, which goes first: NFS passes locks on files from
    host to host, none on folders, and one held ``alone`` only where the file can be written.
    """
    try:
        handle = os.open(folder / MANIFEST, os.O_RDWR)
    except FileNotFoundError:  # no submission any more, or not yet: nobody reads it
        handle = None
    try:
        if handle is not None:
            fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield (folder if alone else folder / MANIFEST).exists()
    finally:
        if handle is not None:
            os.close(handle)


def sealed_bytes(folder: Path) -> int:
    """Size of a submission's sealed export; 0 where it is gone."""
    try:
        return (folder / EXPORT).stat().st_size
    except FileNotFoundError:
        return 0


def make_room(settings: Settings) -> Path:
    """A private temporary folder inside the inbox, invisible to ``pending``."""
    make_private(settings.inbox)
    room = settings.inbox / f".{uuid4()}"
    room.mkdir(mode=0o700)
    return room


def make_private(folder: Path) -> None:
    """Make ``folder`` if needed, readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def open_private(path: Path) -> BinaryIO:
    """A new or emptied 0600 file to write."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "wb")


def write_durably(path: Path, content: bytes) -> None:
    """Write a 0600 file that is on the disk when this returns."""
    with open_private(path) as file:
        file.write(content)
        sync_file(file)


def replace(path: Path, text: str) -> None:
    """Write a 0600 file: all of it, or what was there before."""
    fresh = path.with_name(f".{path.name}.fresh")
    write_durably(fresh, text.encode())
    fresh.replace(path)


def sync_file(file: BinaryIO) -> None:
    """Make what was written durable."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move(folder: Path, parent: Path, name: str | None = None) -> Path:
    """Rename ``folder`` into ``parent``, durably. Nothing is ever half there."""
    make_private(parent)
    target = parent / (name or folder.name)
    folder.rename(target)
    sync_folder(parent)
    return target


def _requeue(folder: Path, settings: Settings) -> str | None:
    """The reason that no longer holds, or ``None`` where a withdrawal has come first."""
    with hold(folder, alone=True) as there:
        if not there:
            return None
        reason = str(read_reason(folder)["reason"])
        moved = move(folder, settings.inbox)
        (moved / REASON).unlink()  # only now: nothing is ever in quarantine without one
    return reason


def _submissions(parent: Path) -> list[Path]:
    if not parent.exists():
        return []
    return sorted(
        folder
        for folder in parent.iterdir()
        if not folder.name.startswith(".") and (folder / MANIFEST).exists()
    )
