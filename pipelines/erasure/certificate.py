"""Erasure certificates: that something was erased, what kind of things, and what outlasts it.

``erasures/<n>.json`` names nobody: no submission, no volunteer, no force, no time of day. Each
holds the hash of the one before, so that none is changed or taken away unnoticed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.erasure.request import Request
from pipelines.intake.inbox import make_private, sync_folder, write_durably
from pipelines.release.files import sha256
from pipelines.release.publish import published_months
from pipelines.settings import Backup, Settings

FIRST = "0" * 64
"""As the hash of the certificate before the first."""


def issue(request: Request, searched: int, today: date, settings: Settings) -> dict[str, Any]:
    """Write the certificate of a finished erasure; one request has one, however often asked."""
    make_private(settings.erasures)
    issued = numbered(settings)
    for path in issued:
        certificate = read(path)
        if certificate["id"] == request.certificate_id:
            return certificate
    certificate = {
        "certificate": int(issued[-1].stem) + 1 if issued else 1,
        "id": request.certificate_id,
        "erased_on": today.isoformat(),
        "removed": {kind: n for kind, n in sorted((request.removed or {}).items()) if n},
        "unpublished_releases_discarded": list(request.discarded),
        "published_months_unchanged": published_months(settings),
        "files_searched": searched,
        "kept_in_backups": _backups(settings.backups, today),
        "candour": version("candour"),
        "previous_sha256": sha256(issued[-1]) if issued else FIRST,
    }
    _write(certificate, settings)
    return certificate


def numbered(settings: Settings) -> list[Path]:
    """Certificates in the order they were issued."""
    return sorted(settings.erasures.glob("[0-9]*.json"), key=lambda path: int(path.stem))


def read(path: Path) -> dict[str, Any]:
    """One certificate."""
    return dict(json.loads(path.read_bytes()))


def _backups(backups: Iterable[Backup], today: date) -> list[dict[str, str]]:
    """Each backup with the day from which it cannot hold what was erased."""
    return [
        {"backup": b.name, "until": (today + timedelta(days=b.keeps_days)).isoformat()}
        for b in backups
    ]


def _write(certificate: dict[str, Any], settings: Settings) -> None:
    """Whole or not there, and never over another."""
    fresh = settings.erasures / ".fresh"
    fresh.unlink(missing_ok=True)  # of a process that was killed: it may be the last one's bytes
    write_durably(fresh, json.dumps(certificate, indent=2).encode() + b"\n")
    os.link(fresh, settings.erasures / f"{certificate['certificate']}.json")
    fresh.unlink()
    sync_folder(settings.erasures)
