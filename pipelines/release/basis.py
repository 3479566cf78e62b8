"""Exact or private: a collection publishes one kind of figures, never both.

Asked when a release is drafted, published and approved: a budget may be spent while one waits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.errors import CallerError
from pipelines.release.rows import PrivateRow
from pipelines.settings import Settings

PRIVATE = "private"
"""The basis of a release of noisy figures, in its manifest and in every row."""

BESIDE_PRIVATE = (
    "This collection publishes private series, and exact tables are never published beside them: "
    "see docs/differential-privacy.md."
)


def is_private(manifest: Mapping[str, Any]) -> bool:
    """Whether a release with this manifest is of private series."""
    return manifest.get("basis") == PRIVATE


def check_not_private(settings: Settings) -> None:
    """Raise ``CallerError`` where the collection chose private series: then no exact ones.

    Its releases are asked as well: the budget's ledger may be lost.
    """
    chosen = settings.private_rho_per_month is not None or budget_ledger(settings).exists()
    if chosen or any(map(_has_private, _releases(settings))):
        raise CallerError(BESIDE_PRIVATE)


def _releases(settings: Settings) -> list[Path]:
    """Every release, published or waiting."""
    found = [*settings.releases.glob("*"), *settings.pending.glob("*")]
    return [folder for folder in found if not folder.name.startswith(".")]


def says_private(folder: Path) -> bool:
    """Whether a release's manifest says so; one that cannot be read does not."""
    try:
        return is_private(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def _has_private(folder: Path) -> bool:
    return says_private(folder) or (folder / PrivateRow.FILE).exists()


def budget_ledger(settings: Settings) -> Path:
    """What private series have spent: there only once something is."""
    return settings.home / "ledgers" / "privacy.jsonl"
