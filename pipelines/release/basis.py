"""Exact or private: a collection publishes one kind of figures, never both.

Asked when a release is drafted, published and approved: a budget may be spent while one waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.errors import CallerError
from pipelines.settings import Settings

PRIVATE = "private"
"""The basis of a release of noisy figures, in its manifest and in every row."""


def is_private(manifest: Mapping[str, Any]) -> bool:
    """Whether a release with this manifest is of private series."""
    return manifest.get("basis") == PRIVATE


def check_not_private(settings: Settings) -> None:
    """Raise ``CallerError`` where the collection chose private series: then no exact ones."""
    if settings.private_rho_per_month is not None or budget_ledger(settings).exists():
        raise CallerError(
            "This collection publishes private series, and exact tables are never published "
            "beside them: see docs/differential-privacy.md."
        )


def budget_ledger(settings: Settings) -> Path:
    """What private series have spent: there only once something is."""
    return settings.home / "ledgers" / "privacy.jsonl"
