"""What the collection holds and how it stands, by stage: counts, times and reason codes only.

Needs no key: whoever may read the home may see it.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from pipelines.errors import CandourError
from pipelines.intake.inbox import pending, quarantined, read_reason, sealed_bytes
from pipelines.release.publish import pending_months, published_months
from pipelines.runs import kept_counts, last_runs
from pipelines.schedule import missed_month, next_report
from pipelines.settings import Settings
from pipelines.validate.page import standing


class LateError(CandourError):
    """The release that is due is not out."""


def check_not_late(settings: Settings, now: datetime) -> None:
    """Raise ``LateError`` where the month that was due has not been published, nor a later one,
    ``alert_late_after_hours`` after its report was to be made. ``now``: UTC.
    """
    due = now - timedelta(hours=settings.alert_late_after_hours)
    month = missed_month(due, settings.collection_open_days, published_months(settings))
    if month is None or not settings.warehouse.exists():
        return
    if month in pending_months(settings):
        raise LateError(f"The release of {month} waits for approval: `candour approve`.")
    raise LateError(f"{month} has not been reported: `candour status` says what stopped it.")


def collect_status(settings: Settings, now: datetime | None = None) -> dict[str, object]:
    """Submissions waiting and in quarantine (by reason), shards, the ledger, releases, how the
    gates stood, how each task last ended, and when the next report is due (``now``: UTC).
    """
    now = now or datetime.now(UTC)
    reasons = Counter(str(kept["reason"]) for kept in list_quarantined(settings))
    waiting = pending(settings)
    releases = {
        "awaiting_approval": pending_months(settings),
        "released": published_months(settings),
    }
    return {
        "home": str(settings.home),
        "inbox": len(waiting),
        "inbox_bytes": sum(sealed_bytes(folder) for folder in waiting),
        "quarantined": dict(sorted(reasons.items())),
        "staged": len(list(settings.staged.glob("*.parquet"))),
        "warehouse_bytes": settings.warehouse.stat().st_size if settings.warehouse.exists() else 0,
        "ledger": kept_counts(settings),
        "gates": standing(settings),
        "last_runs": last_runs(settings),
        **releases,
        **_due(settings, now, [month for months in releases.values() for month in months]),
    }


def _due(settings: Settings, now: datetime, made: list[str]) -> dict[str, object]:
    """Nothing is due from a collection that has loaded nothing yet."""
    due = next_report(now)
    missed = missed_month(now, settings.collection_open_days, made)
    return {
        "next_report": due.isoformat(sep=" ", timespec="minutes"),
        "days_to_next_report": (due - now).days,
        "missed_month": missed if settings.warehouse.exists() else None,
    }


def list_quarantined(settings: Settings) -> list[dict[str, object]]:
    """Each submission in quarantine: its id, reason code, since when, the version of Candour that
    refused it, and counts of what that had read.
    """
    return [
        {"submission_id": folder.name, **read_reason(folder)} for folder in quarantined(settings)
    ]
