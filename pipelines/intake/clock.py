"""Local times as exports write them, resolved in Europe/London, daylight saving included."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
AMBIGUOUS_HOUR = "ambiguous_hour"
NONEXISTENT_HOUR = "nonexistent_hour"


def from_timestamp(seconds: float) -> datetime:
    """A Unix time as a London one. Raises ``ValueError`` or ``OverflowError`` out of range."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(LONDON)


@lru_cache(maxsize=1024)
def changes_clocks(day: date) -> bool:
    """Whether London's clocks change on ``day``."""
    start = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    return start.utcoffset() != (start + timedelta(hours=23)).utcoffset()


def resolve(local: datetime, previous: datetime | None, notes: Counter[str]) -> datetime:
    """Settle a local time on a day when the clocks change, and count it where that took a choice.

    The hour that happens twice is read as the first, unless the message before it is later: then
    the clocks have gone back. A time skipped in spring is moved on by the hour that was skipped.
    """
    second = local.replace(fold=1)
    if local.utcoffset() == second.utcoffset():
        return local
    if _exists(local):
        notes[AMBIGUOUS_HOUR] += 1
        late = previous is not None and previous.astimezone(UTC) > local.astimezone(UTC)
        return second if late else local
    notes[NONEXISTENT_HOUR] += 1
    return local.astimezone(UTC).astimezone(LONDON)


def _exists(local: datetime) -> bool:
    return local.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == local.replace(
        tzinfo=None
    )
