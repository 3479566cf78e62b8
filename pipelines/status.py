"""What the collection holds, by stage: counts and reason codes only."""

from __future__ import annotations

import json
from collections import Counter

from pipelines.settings import Settings


def collect_status(settings: Settings) -> dict[str, object]:
    """Counts of submissions in the inbox and in quarantine (by reason), shards and releases."""
    reasons = Counter(
        json.loads(path.read_text())["reason"] for path in settings.quarantine.glob("*/reason.json")
    )
    return {
        "home": str(settings.home),
        "inbox": _folders(settings, "inbox"),
        "quarantined": dict(sorted(reasons.items())),
        "staged": len(list(settings.staged.glob("*.parquet"))),
        "warehouse_bytes": settings.warehouse.stat().st_size if settings.warehouse.exists() else 0,
        "released": sorted(p.name for p in settings.releases.glob("[0-9]*")),
    }


def _folders(settings: Settings, name: str) -> int:
    folder = settings.home / name
    return sum(not p.name.startswith(".") for p in folder.iterdir()) if folder.exists() else 0
