"""The enclave's own record of each release's ``SHA256SUMS``, hence of every byte of it.

A release's sums, approvals and chain lie with its files: who can write those can make them all
again, but for what a signature or a later release holds. The record lies elsewhere (``ledgers``).
"""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.release.enclave import Kept, keep_with_draft, kept_months, of_draft, of_release
from pipelines.release.files import CHECKSUMS, sha256, sum_problems
from pipelines.settings import Settings


def seal(draft: Path, month: str, settings: Settings) -> None:
    """Record a draft as it is handed on: the record goes with it."""
    said = json.dumps({"sha256": sha256(draft / CHECKSUMS)}) + "\n"
    keep_with_draft(Kept.SUMS, month, said, settings)


def seal_problems(folder: Path, month: str, settings: Settings) -> list[str]:
    """Whether the ``SHA256SUMS`` in ``folder`` are those that were recorded for ``month``.

    Nothing can be said of a copy without the enclave, which has no ``ledgers``.
    """
    if not (settings.home / "ledgers").exists():
        return []
    recorded = of_release(Kept.SUMS, month, settings)
    if recorded is None:
        return ["the enclave has no record that it was made here"]
    if json.loads(recorded)["sha256"] != sha256(folder / CHECKSUMS):
        return [f"its {CHECKSUMS} is not the one that it was made with"]
    return []


def unsound(folder: Path, settings: Settings) -> bool:
    """Whether a published release is not, byte for byte, what was published."""
    return bool(sum_problems(folder) or seal_problems(folder, folder.name, settings))


def recorded_months(settings: Settings) -> list[str]:
    """Months whose release, waiting or published, is on record; not one that was being handed on
    when the run was stopped: it is made again.
    """
    months = kept_months(Kept.SUMS, settings)
    return [month for month in months if of_draft(Kept.SUMS, month, settings) is None]
