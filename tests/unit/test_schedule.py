"""When the next report is due, and whether one is overdue."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.schedule import missed_month, next_report


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-26T12:00", "2026-12-01T03:00"),
        ("2026-12-01T02:59", "2026-12-01T03:00"),
        ("2026-12-01T03:00", "2027-01-01T03:00"),
    ],
)
def test_the_next_report_is_due_on_the_first(now: str, due: str) -> None:
    assert next_report(datetime.fromisoformat(now).replace(tzinfo=UTC)) == datetime.fromisoformat(
        due
    ).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("made", "open_days", "missed"),
    [
        (["2026-09", "2026-10"], 0, None),
        (["2026-09"], 0, "2026-10"),
        ([], 0, "2026-10"),
        (["2026-09"], 20, None),
    ],
)
def test_a_month_is_missed_once_its_day_has_passed(
    made: list[str], open_days: int, missed: str | None
) -> None:
    assert missed_month(datetime(2026, 11, 26, tzinfo=UTC), open_days, made) == missed
