"""When the next report is due, and whether one is overdue."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.schedule import closes, is_taken_in, is_turn, missed_month, next_report


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


@pytest.mark.parametrize(
    ("month", "open_days", "at"),
    [
        ("2026-10", 0, "2026-11-01"),
        ("2026-12", 0, "2027-01-01"),
        ("2026-02", 20, "2026-03-21"),
    ],
)
def test_a_collection_closes_at_midnight(month: str, open_days: int, at: str) -> None:
    assert closes(month, open_days) == datetime.fromisoformat(at).replace(tzinfo=UTC)


# month, loaded until, the report started: need it wait no longer?
TAKEN_IN = """
2026-10  -                 2026-11-01T03:00  no   intake has not run yet
2026-10  2026-10-31T23:59  2026-11-01T03:00  no   something may have been sealed in the last minute
2026-10  2026-11-01T00:00  2026-11-01T03:00  yes
2024-11  2026-11-01T02:30  2026-11-01T03:00  yes  a backfill
2026-11  2026-11-26T12:00  2026-11-26T12:01  yes  asked for while it is open
2026-11  -                 2026-11-26T12:01  no
"""


@pytest.mark.parametrize("line", TAKEN_IN.strip().splitlines())
def test_a_report_waits_until_what_was_sealed_in_time_is_loaded(line: str) -> None:
    month, until, started, said, *_ = line.split()
    loaded = None if until == "-" else datetime.fromisoformat(until).replace(tzinfo=UTC)
    began = datetime.fromisoformat(started).replace(tzinfo=UTC)
    assert is_taken_in(month, 0, loaded, began) is (said == "yes")


AUGUST, SEPTEMBER = "backfill__2026-08-01T03:00", "backfill__2026-09-01T03:00"
OCTOBER, BY_HAND = "scheduled__2026-11-01T03:00", "manual__2026-11-26T12:00"
STATES: dict[str, dict[str, str | None]] = {
    "queued": {"wait_for_turn": None, "publish": None},
    "waits": {"wait_for_turn": "up_for_reschedule", "publish": None},
    "at work": {"wait_for_turn": "success", "publish": "running"},
    "tried again": {"wait_for_turn": "success", "publish": "up_for_retry"},
    "published": {"wait_for_turn": "success", "publish": "success"},
    "refused": {"wait_for_turn": "success", "publish": "upstream_failed"},
}

# who asks, another run and how it stands: may the first begin?
TURNS = [
    (AUGUST, SEPTEMBER, "waits", True),
    (SEPTEMBER, AUGUST, "queued", False),
    (SEPTEMBER, AUGUST, "waits", False),
    (SEPTEMBER, AUGUST, "at work", False),
    (SEPTEMBER, AUGUST, "tried again", False),
    (SEPTEMBER, AUGUST, "published", True),
    (SEPTEMBER, AUGUST, "refused", True),
    (AUGUST, SEPTEMBER, "at work", False),  # a backfill that was asked to go backwards
    (OCTOBER, AUGUST, "queued", False),
    (OCTOBER, AUGUST, "published", True),
    (AUGUST, OCTOBER, "waits", True),
    (AUGUST, OCTOBER, "at work", False),
    (OCTOBER, BY_HAND, "at work", True),  # the DAG's own limit keeps them apart
]


@pytest.mark.parametrize(("asks", "other", "stands", "said"), TURNS)
def test_one_report_at_a_time_and_a_backfill_first(
    asks: str, other: str, stands: str, said: bool
) -> None:
    runs = {asks: STATES["waits"], other: STATES[stands]}
    assert is_turn(asks, runs, "wait_for_turn") is said
