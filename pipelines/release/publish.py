"""Release folders on disk: hashes, the chain of releases, and publication in one rename."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from pipelines.errors import CallerError
from pipelines.settings import Settings

CHECKSUMS = "SHA256SUMS"
DRAFT_PREFIX = ".draft-"
FROZEN_FILES = ("trends.csv", "habits.csv", "impact.csv", "training.csv")


def published_months(settings: Settings) -> list[str]:
    """Months with a release, in order."""
    if not settings.releases.exists():
        return []
    return sorted(f.name for f in settings.releases.iterdir() if not f.name.startswith("."))


def new_draft(month: str, settings: Settings) -> Path:
    """An empty folder for ``month``'s draft, in place of what an interrupted run left."""
    draft = settings.releases / f"{DRAFT_PREFIX}{month}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    return draft


def publish(draft: Path, settings: Settings) -> Path:
    """Publish a draft: checksums, fsync, one rename. Its release folder.

    Publishing the same figures again changes nothing. Raises ``CallerError`` where the month is
    out with other figures: a published month is frozen.
    """
    month = draft.name.removeprefix(DRAFT_PREFIX)
    target = settings.releases / month
    if target.exists():
        _check_same(draft, target, month)
        shutil.rmtree(draft)
        return target
    write_checksums(draft)
    _sync(draft)
    draft.rename(target)
    _sync_one(settings.releases)
    return target


def write_checksums(folder: Path) -> None:
    """Write ``SHA256SUMS`` over every other file, as ``sha256sum --check`` reads it."""
    files = sorted(f for f in folder.rglob("*") if f.is_file() and f.name != CHECKSUMS)
    lines = [f"{sha256(file)}  {file.relative_to(folder).as_posix()}\n" for file in files]
    (folder / CHECKSUMS).write_text("".join(lines))


def chain(settings: Settings, month: str) -> list[dict[str, str]]:
    """Every release before ``month`` with the hash of its checksums: what this one follows."""
    return [
        {"release": name, "sha256": sha256(settings.releases / name / CHECKSUMS)}
        for name in published_months(settings)
        if name < month
    ]


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _check_same(draft: Path, target: Path, month: str) -> None:
    if any((draft / name).read_bytes() != (target / name).read_bytes() for name in FROZEN_FILES):
        raise CallerError(
            f"{month} is published and frozen, and the warehouse would now give other figures: "
            "report a later month instead, the new data counts from there."
        )


def _sync(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync_one(path)
    _sync_one(folder)


def _sync_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
