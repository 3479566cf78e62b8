"""Which month a run reports. A month is frozen as it is first published: never one still open."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.schedule import latest_closed
from pipelines.tasks import choose_month


@pytest.mark.parametrize(
    ("today", "open_days", "month"),
    [
        # today               open   reported
        (date(2026, 11, 1), 0, "2026-10"),
        (date(2026, 11, 30), 0, "2026-10"),
        (date(2026, 11, 1), 20, "2026-09"),
        (date(2026, 11, 20), 20, "2026-09"),
        (date(2026, 11, 21), 20, "2026-10"),
        (date(2026, 12, 1), 20, "2026-10"),
        (date(2026, 1, 1), 0, "2025-12"),
        (date(2026, 1, 1), 45, "2025-10"),
    ],
)
def test_the_latest_closed_month(today: date, open_days: int, month: str) -> None:
    assert latest_closed(today, open_days) == month


def test_a_month_that_was_asked_for_is_reported() -> None:
    assert choose_month("2026-03", "2026-02") == "2026-03"


@pytest.mark.parametrize(
    ("scheduled", "month"),
    [
        ("2020-05", "2020-05"),  # a backfill
        ("2999-01", None),  # still open
        (None, None),
    ],
)
@pytest.mark.parametrize("open_days", [0, 20])
def test_a_timetable_reports_no_month_that_is_still_open(
    scheduled: str | None, month: str | None, open_days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOUR_COLLECTION_OPEN_DAYS", str(open_days))
    assert choose_month(None, scheduled) == (month or latest_closed(date.today(), open_days))
