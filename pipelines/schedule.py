"""When the monthly report is made, and of which month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

REPORT_CRON = "0 3 1 * *"
"""The 1st at 03:00 UTC: after the night's retention, before anybody is at work."""

BACKFILLED = "backfill__"
"""How Airflow begins the name of a backfill's run. The date it is for follows."""

OVER = ("success", "failed", "skipped", "upstream_failed", "removed")
"""States in which a task is not done again by itself."""


def latest_closed(today: date, open_days: int) -> str:
    """The latest month (YYYY-MM) that had ended ``open_days`` before ``today``."""
    then = today - timedelta(days=open_days)
    return (then.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def closes(month: str, open_days: int) -> datetime:
    """When the collection of ``month`` (YYYY-MM) closes: midnight (UTC), ``open_days`` after it."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    return (first + timedelta(days=31)).replace(day=1) + timedelta(days=open_days)


def is_taken_in(month: str, open_days: int, until: datetime | None, started: datetime) -> bool:
    """Whether a report of ``month`` that ``started`` need wait for intake no longer.

    ``until``: whatever was sealed before then is loaded, ``None`` where intake never said so. A
    month asked for while it is open is reported as it stands.
    """
    if until is None:
        return False
    return until >= closes(month, open_days) or started < closes(month, open_days)


def is_turn(run: str, runs: Mapping[str, Mapping[str, str | None]], waits: str) -> bool:
    """Whether ``run`` may begin, of all ``runs`` of the report (by name: each task's state).

    One at a time: a release follows those before it, so of two made side by side only one could
    be published. A backfill goes first, its oldest month foremost, since no month is published
    after a later one. ``waits`` is the task that waits for this: who has done it has begun. Runs
    beside a backfill are kept apart by the DAG's own limit.
    """
    others = {name: tasks for name, tasks in runs.items() if name != run and not _over(tasks)}
    backfilled = [name for name in others if name.startswith(BACKFILLED)]
    if not run.startswith(BACKFILLED):
        return not backfilled
    begun = any(tasks.get(waits) == "success" for tasks in others.values())
    return not begun and all(name > run for name in backfilled)


def _over(tasks: Mapping[str, str | None]) -> bool:
    return all(state in OVER for state in tasks.values())


def next_report(now: datetime) -> datetime:
    """When the DAG next runs by itself, after ``now`` (UTC)."""
    from croniter import croniter

    return croniter(REPORT_CRON, now.astimezone(UTC)).get_next(datetime)  # type: ignore[no-any-return]


def missed_month(now: datetime, open_days: int, made: list[str]) -> str | None:
    """The month that should have been reported when the DAG last ran, where it is not in ``made``
    and nothing later is.
    """
    from croniter import croniter

    last: datetime = croniter(REPORT_CRON, now.astimezone(UTC)).get_prev(datetime)
    due = latest_closed(last.date(), open_days)
    return None if any(month >= due for month in made) else due
