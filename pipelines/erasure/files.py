"""What of a submission lies in files of its own: the sealed export, its receipt, its shards."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipelines.erasure.request import Request
from pipelines.intake.inbox import hold, sync_folder
from pipelines.intake.source import EXPORT, MANIFEST
from pipelines.settings import Settings

SEALED, MANIFESTS, SHARDS = "sealed_exports", "manifests", "staged_files"
KINDS = {EXPORT: SEALED, MANIFEST: MANIFESTS}
OTHERS = "receipts_and_reasons"


def count_files(request: Request, settings: Settings) -> dict[str, int]:
    """Files of the submission by kind."""
    counts = Counter({SEALED: 0, MANIFESTS: 0, SHARDS: len(_staged(request, settings))})
    for folder in _folders(request, settings):
        counts.update(KINDS.get(path.name, OTHERS) for path in folder.glob("*"))
    counts[OTHERS] += _kept_receipt(request, settings).exists()
    return dict(counts)


def remove_files(request: Request, settings: Settings) -> None:
    """Remove them, once nobody is reading the submission.

    What is sealed goes first: what is not there cannot be staged again.
    """
    while folders := list(_folders(request, settings)):
        for folder in folders:
            with hold(folder, alone=True) as there:
                if there:  # it may have gone to quarantine meanwhile: look again
                    remove_folder(folder)
    for path in _staged(request, settings):  # sidecars first: without one a shard is unfinished
        path.unlink(missing_ok=True)
    _kept_receipt(request, settings).unlink(missing_ok=True)
    for parent in (settings.staged, settings.receipts):
        if parent.exists():
            sync_folder(parent)


def remove_folder(folder: Path) -> None:
    """Remove a submission's folder, manifest first: no longer pending, it is not staged."""
    (folder / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(folder)
    sync_folder(folder.parent)


def _folders(request: Request, settings: Settings) -> Iterator[Path]:
    if request.submission_id is not None:
        for parent in (settings.inbox, settings.quarantine):
            folder = parent / request.submission_id
            if folder.exists():
                yield folder


def _staged(request: Request, settings: Settings) -> list[Path]:
    """Every version of its shard and what else bears its name, finished or not."""
    return sorted(settings.staged.glob(f"{request.submission_key}-*"))


def _kept_receipt(request: Request, settings: Settings) -> Path:
    return settings.receipts / f"{request.submission_key}.json"
