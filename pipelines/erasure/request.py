"""A withdrawal that was asked for: filed under the receipt's hash, kept until all of it is done.

The file is written before anything is removed, so whoever finds it after a crash knows what to
finish. It holds the submission's identifiers, and is the last thing to go.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import uuid4

from pipelines.errors import CallerError, QuarantineError
from pipelines.intake.inbox import make_private, sync_folder, write_durably
from pipelines.intake.manifest import read_manifest
from pipelines.intake.receipt import find_by_hash, find_kept, hash_code
from pipelines.intake.source import MANIFEST
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.rows import contributor_key, submission_key

UNKNOWN_RECEIPT = (
    "No submission in this collection has that receipt code: check every character of it. If it "
    "was withdrawn before, or its retention ran out, nothing of it is left."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be erased, and what has been found of it so far. Keys are in hexadecimal.

    ``submission_id`` is ``None`` where the sealed export went before, when its retention ran out.
    ``contributor_key`` is ``None`` while nobody knows whose it was; ``last_of_contributor`` says
    that the collection has nothing else of theirs. ``removed`` counts things by kind and only
    grows, for a run that was killed has removed some of them. ``discarded`` are the months of
    unpublished releases that had counted the submission.
    """

    receipt_hash: str
    submission_key: str
    submission_id: str | None
    contributor_key: str | None
    certificate_id: str
    last_of_contributor: bool = False
    removed: Mapping[str, int] | None = None
    discarded: tuple[str, ...] = ()

    def found(self, counts: Mapping[str, int]) -> Request:
        """With what is there now, before it is removed."""
        known = dict(self.removed or {})
        for kind, count in counts.items():
            known[kind] = max(known.get(kind, 0), count)
        return replace(self, removed=known)


def file_request(receipt: str, settings: Settings, keys: Keys) -> Request:
    """Ask for the withdrawal of the submission that has this receipt code; twice is once.

    Raises ``CallerError`` where none has. The code itself is not kept, nor shown.
    """
    receipt_hash = hash_code(receipt, keys.pseudonym)
    path = _path(receipt_hash, settings)
    if path.exists():
        return _read(path)
    request = _find(receipt_hash, settings, keys)
    if request is None:
        raise CallerError(UNKNOWN_RECEIPT)
    save_request(request, settings)
    return request


def pending_requests(settings: Settings) -> list[Request]:
    """Withdrawals asked for and not finished, in a stable order."""
    return [_read(path) for path in sorted(settings.withdrawals.glob("*.json"))]


def save_request(request: Request, settings: Settings) -> None:
    """Write a request, or what is known of it by now, durably and whole."""
    make_private(settings.withdrawals)
    path = _path(request.receipt_hash, settings)
    partial = path.with_suffix(".partial")
    write_durably(partial, json.dumps(asdict(request), indent=1).encode() + b"\n")
    partial.replace(path)
    sync_folder(settings.withdrawals)


def close_request(request: Request, settings: Settings) -> None:
    """Forget a request that is done."""
    path = _path(request.receipt_hash, settings)
    path.with_suffix(".partial").unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    sync_folder(settings.withdrawals)


def _find(receipt_hash: str, settings: Settings, keys: Keys) -> Request | None:
    certificate = str(uuid4())
    for parent in (settings.inbox, settings.quarantine):
        folder = find_by_hash(receipt_hash, parent)
        if folder is not None:
            key = submission_key(folder.name, keys).hex()
            return Request(receipt_hash, key, folder.name, _contributor(folder, keys), certificate)
    kept = find_kept(receipt_hash, settings.receipts)
    return None if kept is None else Request(receipt_hash, kept, None, None, certificate)


def _contributor(folder: Path, keys: Keys) -> str | None:
    try:
        manifest = read_manifest((folder / MANIFEST).read_bytes())
    except (QuarantineError, FileNotFoundError):
        return None  # the warehouse may know
    return contributor_key(manifest.contributor, keys).hex()


def _read(path: Path) -> Request:
    raw = json.loads(path.read_bytes())
    return Request(**{**raw, "discarded": tuple(raw["discarded"])})


def _path(receipt_hash: str, settings: Settings) -> Path:
    return settings.withdrawals / f"{receipt_hash}.json"
