"""Look for what was erased in every byte of the home, and clear it from logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from pipelines.erasure.request import Request
from pipelines.errors import GateError
from pipelines.settings import Settings

BLOCK_BYTES = 1 << 20


def identifiers(request: Request) -> frozenset[bytes]:
    """What a file may not hold: the submission's identifier and keyed codes, as text and as raw
    bytes; the contributor's too, where the collection has nothing else of theirs.
    """
    codes = [request.submission_key, request.receipt_hash]
    if request.last_of_contributor and request.contributor_key:
        codes.append(request.contributor_key)
    texts = set(codes)
    if request.submission_id is not None:
        codes.append(UUID(request.submission_id).hex)
        texts |= {request.submission_id, UUID(request.submission_id).hex}
    raw = {bytes.fromhex(code) for code in codes}
    return frozenset(raw | {form.encode() for t in texts for form in (t, t.upper())})


def prove_gone(requests: Iterable[Request], settings: Settings) -> tuple[int, int]:
    """Search every file of the home, but for backups and the requests themselves; remove logs
    that name a submission. How many files were searched, and how many logs removed.

    Raises ``GateError`` naming files, not what is in them, where anything else does.
    """
    wanted = frozenset().union(*(identifiers(request) for request in requests))
    searched, logs, left = 0, 0, []
    for path in _files(settings):
        try:
            found = holds(path, wanted)
        except FileNotFoundError:
            continue  # another process's: gone is gone
        searched += 1
        if found and path.is_relative_to(settings.airflow_home / "logs"):
            path.unlink()
            logs += 1
        elif found:
            left.append(str(path.relative_to(settings.home)))
    if left:
        raise GateError(
            f"The withdrawal is not finished: {', '.join(left)} still name the submission. Remove "
            "or clean them (docs/erasure.md says how), then run it again."
        )
    return searched, logs


def holds(path: Path, wanted: Iterable[bytes]) -> bool:
    """Whether any byte string of ``wanted`` is in a file."""
    wanted = list(wanted)
    overlap = max(map(len, wanted)) - 1
    tail = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            window = tail + block
            if any(value in window for value in wanted):
                return True
            tail = window[-overlap:]
    return False


def _files(settings: Settings) -> Iterator[Path]:
    spared = [settings.withdrawals, *(b.folder for b in settings.backups if b.folder)]
    for path in sorted(settings.home.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if not any(path.is_relative_to(folder) for folder in spared):
            yield path
