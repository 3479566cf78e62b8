"""A release's bytes on disk: checksums over every file, and moves that survive a crash."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import CallerError
from pipelines.locks import locked
from pipelines.settings import Settings

CHECKSUMS = "SHA256SUMS"
APPROVALS = "approvals"
"""Signatures over ``SHA256SUMS``, one file a role: the only files it does not list."""

DISCARDED = ".discarded"


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_checksums(folder: Path) -> None:
    """Write ``SHA256SUMS`` over every other file, as ``sha256sum --check`` reads it."""
    lines = [f"{sha256(path)}  {name}\n" for name, path in sorted(_files(folder).items())]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def sum_problems(folder: Path) -> list[str]:
    """What differs between a folder and its ``SHA256SUMS``, a sentence each."""
    if not (folder / CHECKSUMS).is_file():
        return [f"{CHECKSUMS} is missing"]
    listed, found, bad = _listed(folder), _files(folder), damaged_files(folder)
    return [
        *(f"{name} is missing" for name in listed if name not in found),
        *(f"{name} was added" for name in found if name not in listed),
        *(f"{name} was changed" for name in found if name in listed and name in bad),
    ]


def damaged_files(folder: Path) -> set[str]:
    """Names of files that are missing, were added or were changed; all where no sums are left."""
    listed, found = _listed(folder), _files(folder)
    same = {name for name in listed.keys() & found.keys() if _is(found[name], listed[name])}
    return (listed.keys() | found.keys()) - same


def approval_files(folder: Path) -> list[Path]:
    """The approvals given to a release, in order of role."""
    return sorted((folder / APPROVALS).glob("*"))


def approvals_sha256(folder: Path) -> str:
    """One hash over every approval: a later release names it, so none is added or taken away."""
    digest = hashlib.sha256()
    for path in approval_files(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def move(folder: Path, target: Path) -> None:
    """Put a whole folder on disk, then rename it: whoever looks sees all of it or nothing."""
    sync_tree(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    source = folder.parent
    folder.rename(target)
    sync(target.parent)
    sync(source)


def discard(folder: Path) -> None:
    """Remove a folder; a crash leaves all of it or something that is plainly rubbish."""
    away = folder.with_name(f"{DISCARDED}-{folder.name.removeprefix('.')}")
    shutil.rmtree(away, ignore_errors=True)
    folder.rename(away)
    shutil.rmtree(away)


def sync_tree(folder: Path) -> None:
    """Flush every file and folder under ``folder`` to the disk."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Flush one file, or a folder's list of names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """One process at a time decides what becomes of releases; others wait."""
    with locked(".releases.lock", settings):
        yield


@contextmanager
def one_draft_at_a_time(settings: Settings) -> Iterator[None]:
    """One process at a time makes or changes drafts; others wait. Comes before ``alone``."""
    with locked(".drafts.lock", settings):
        yield


@contextmanager
def hold_draft(draft: Path, settings: Settings) -> Iterator[None]:
    """While a draft is checked or published, no other run replaces it, publishes or discards it.

    Raises ``CallerError`` where one has done so before.
    """
    with one_draft_at_a_time(settings):
        if not draft.is_dir():
            raise CallerError(
                f"The draft {draft} is gone: another run has published it, or a withdrawal has "
                "discarded it. See `candour status`, and run the month again if it is not out."
            )
        yield


def _listed(folder: Path) -> dict[str, str]:
    """What ``SHA256SUMS`` says: each file's hash."""
    path = folder / CHECKSUMS
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _is(path: Path, digest: str) -> bool:
    """Whether it is a file of its own with that hash; a link is not."""
    return not path.is_symlink() and sha256(path) == digest


def _files(folder: Path) -> dict[str, Path]:
    """Everything ``SHA256SUMS`` must list, by name. A link counts: it must not be there."""
    named = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*")}
    return {
        name: path
        for name, path in named.items()
        if (path.is_file() or path.is_symlink())
        and name != CHECKSUMS
        and not name.startswith(f"{APPROVALS}/")
    }
