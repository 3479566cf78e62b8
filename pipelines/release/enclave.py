"""What the operator keeps beside a release, and no release holds: files in ``ledgers``, 0600.

They stay with the draft until it waits for approval or is public: a draft that fails leaves what a
waiting release was made and attacked with.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from pipelines.release.files import sync
from pipelines.settings import Settings


class Kept(StrEnum):
    """What is kept of a month's release, as its file is named."""

    LEDGER = "release"
    NOTES = "audit"
    COUNTED = "counted"


def keep_with_draft(what: Kept, month: str, text: str, settings: Settings) -> None:
    """Write what belongs to the draft of ``month``, in place of an earlier draft's."""
    write(_draft_path(what, month, settings), text)


def of_draft(what: Kept, month: str, settings: Settings) -> str | None:
    """What was kept with the draft of ``month``."""
    return _read(_draft_path(what, month, settings))


def of_release(what: Kept, month: str, settings: Settings) -> str | None:
    """What was kept of the release of ``month``, waiting or published."""
    return _read(_path(what, month, settings))


def hand_on(month: str, settings: Settings) -> None:
    """The draft becomes the release: so does what was kept with it, and nothing else is left.

    Comes before the draft's move and after whatever waited is gone: a crash between leaves no
    release with another's notes. What the draft has stays until ``drop``, after the move, so that
    a run stopped in between can be made again.
    """
    for what in Kept:
        text = of_draft(what, month, settings)
        if text is not None:
            write(_path(what, month, settings), text)
        else:
            _path(what, month, settings).unlink(missing_ok=True)


def drop(month: str, settings: Settings) -> None:
    """Forget what was kept with a draft that is one no more: the release has it."""
    for what in Kept:
        _draft_path(what, month, settings).unlink(missing_ok=True)


def forget(month: str, settings: Settings) -> None:
    """Remove what was kept of a release that nobody will see."""
    drop(month, settings)
    for what in Kept:
        _path(what, month, settings).unlink(missing_ok=True)


def kept_files(what: Kept, settings: Settings) -> list[tuple[Path, str]]:
    """What is kept of every release and draft, with its month. Halves of files that a killed
    process left are removed.
    """
    folder = settings.home / "ledgers"
    for half in folder.glob(".fresh-*"):
        half.unlink()
    found = sorted(folder.glob(f"*{what}-*.json"))
    return [(path, path.stem.partition(f"{what}-")[2]) for path in found]


def write(path: Path, text: str) -> None:
    """Put a file of the operator's on disk, 0600: all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".fresh-{path.name}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _path(what: Kept, month: str, settings: Settings) -> Path:
    return settings.home / "ledgers" / f"{what}-{month}.json"


def _draft_path(what: Kept, month: str, settings: Settings) -> Path:
    return settings.home / "ledgers" / f".draft-{what}-{month}.json"
