"""What the collection holds, by stage: counts and reason codes only."""

from __future__ import annotations

from collections import Counter

from pipelines.intake.inbox import pending, quarantined, read_reason
from pipelines.release.publish import pending_months, published_months
from pipelines.settings import Settings


def collect_status(settings: Settings) -> dict[str, object]:
    """Counts of submissions in the inbox and in quarantine (by reason), shards and releases."""
    reasons = Counter(str(kept["reason"]) for kept in list_quarantined(settings))
    return {
        "home": str(settings.home),
        "inbox": len(pending(settings)),
        "quarantined": dict(sorted(reasons.items())),
        "staged": len(list(settings.staged.glob("*.parquet"))),
        "warehouse_bytes": settings.warehouse.stat().st_size if settings.warehouse.exists() else 0,
        "awaiting_approval": pending_months(settings),
        "released": published_months(settings),
    }


def list_quarantined(settings: Settings) -> list[dict[str, object]]:
    """Each submission in quarantine: its id, reason code, since when, the version of Candour that
    refused it, and counts of what that had read.
    """
    return [
        {"submission_id": folder.name, **read_reason(folder)} for folder in quarantined(settings)
    ]
