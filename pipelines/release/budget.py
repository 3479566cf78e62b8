"""What differential privacy has spent: an append-only ledger, each line hashed with the one before.

A line is on disk before any noise is drawn, so a run that crashes has spent.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from pipelines.errors import CallerError, GateError

START = "0" * 64
TOLERANCE = 1e-9  # a total made of floating-point parts is spent at its sum


def spend(path: Path, month: str, rho: float, total: float) -> str:
    """Write that ``month`` spends ``rho`` (zCDP) of ``total``; the hash of the new line.

    Raises ``CallerError`` where too little is left, ``GateError`` where the ledger was changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        entries = _checked(file.read(), path)
        spent = sum(entry["rho"] for entry in entries)
        if not 0 < rho <= total - spent + TOLERANCE:
            raise CallerError(
                f"{spent:g} of the privacy budget of {total:g} is spent: {rho:g} more for {month} "
                "is refused. Nothing was drawn."
            )
        previous = entries[-1]["sha256"] if entries else START
        entry = {"month": month, "rho": rho, "previous": previous}
        entry["sha256"] = _hash(entry)
        file.write(json.dumps(entry) + "\n")
        file.flush()
        os.fsync(file.fileno())
        return str(entry["sha256"])


def spending(path: Path) -> list[dict[str, Any]]:
    """Every line: ``month``, ``rho``, ``sha256``. ``GateError`` where the ledger was changed."""
    return _checked(path.read_text(encoding="utf-8"), path) if path.exists() else []


def _checked(text: str, path: Path) -> list[dict[str, Any]]:
    entries = []
    previous = START
    for line in text.splitlines():
        try:
            entry = json.loads(line)
            claimed = entry.pop("sha256")
            sound = entry["previous"] == previous and _hash(entry) == claimed and entry["rho"] > 0
        except (ValueError, KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            raise GateError(f"The privacy ledger {path} was changed: restore it from a copy.")
        previous = claimed
        entries.append({**entry, "sha256": claimed})
    return entries


def _hash(entry: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()
