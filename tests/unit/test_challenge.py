"""Was it challenged? Small chats as tables: (sender, minutes from the start, flags), expected."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.classify.challenge import challenged, is_risky
from pipelines.contracts import CleanMessage, MessageKind, Risks

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = 24 * 60
Row = tuple[str | None, int, str]
FILLER: list[Row] = [("P3", 1, "")] * 20


def ask(rows: list[Row]) -> list[bool | None]:
    messages = [
        CleanMessage(i, START + timedelta(minutes=at), sender, MessageKind.TEXT, "")
        for i, (sender, at, _) in enumerate(rows)
    ]
    return challenged(messages, [Risks({}, tuple(flags.split())) for _, _, flags in rows])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        ([("P1", 0, "")], [None]),
        ([("P1", 0, "BULL"), ("P2", 5, "SPUP")], [True, None]),
        ([("P1", 0, "BULL"), ("P2", 5, "")], [False, None]),
        # one's own second thoughts are not a challenge by somebody else
        ([("P1", 0, "BULL"), ("P1", 5, "SPUP")], [False, None]),
        ([("P1", 0, "BULL"), ("P1", 5, "SPUP"), ("P2", 6, "SPUP")], [True, None, None]),
        # nor is what was said before
        ([("P2", 0, "SPUP"), ("P1", 5, "BULL")], [None, False]),
        ([("P1", 0, "BULL"), (None, 5, "SPUP")], [False, None]),
        # a day later, but the next message
        ([("P1", 0, "BULL"), ("P2", 3 * DAY, "SPUP")], [True, None]),
        # a challenge may itself be risky, and be challenged
        ([("P1", 0, "DISC"), ("P2", 1, "SPUP VIOL"), ("P3", 2, "SPUP")], [True, True, None]),
    ],
)
def test_challenged(rows: list[Row], expected: list[bool | None]) -> None:
    assert ask(rows) == expected


@pytest.mark.parametrize(
    ("fillers", "minutes", "answered"),
    [
        (19, DAY + 1, True),  # the 20th message after
        (20, DAY + 1, False),  # the 21st, and more than a day later
        (20, DAY, True),  # the 21st, within the day
    ],
)
def test_either_window_is_enough(fillers: int, minutes: int, answered: bool) -> None:
    rows = [("P1", 0, "BULL"), *FILLER[:fillers], ("P2", minutes, "SPUP")]
    assert ask(rows)[0] is answered


def test_the_protective_category_is_no_risk() -> None:
    assert not is_risky(Risks({}, ("SPUP",)))
    assert is_risky(Risks({}, ("OPS", "SPUP")))
