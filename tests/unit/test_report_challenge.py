"""What challenge rates are said to show: no more than their intervals allow."""

from __future__ import annotations

import pytest

from pipelines.release.rows import ChallengeRow
from pipelines.report.challenge import finding, per_cent


@pytest.mark.parametrize(
    ("first", "latest", "verdict"),
    [
        ((20, 12, 31), (45, 33, 58), "Higher than at the start"),
        ((45, 33, 58), (20, 12, 31), "Lower than at the start"),
        ((20, 12, 31), (40, 29, 52), "No clear change"),
    ],
)
def test_a_change_is_said_only_where_intervals_do_not_overlap(
    first: tuple[float, float, float], latest: tuple[float, float, float], verdict: str
) -> None:
    said = finding([row("2026-01", first), row("2026-02", None), row("2026-03", latest)])
    assert said.startswith(f"{verdict}: {first[0]}% of 100 risky messages challenged (95% interval")
    assert said.endswith("in March 2026. 1 month is withheld: not enough data.")


def test_one_period_is_compared_with_nothing() -> None:
    assert finding([row("2026-Q1", (20.4, 12, 31))]) == (
        "20% of 100 risky messages challenged (95% interval 12% to 31%) in January to March 2026, "
        "the only quarter published."
    )


def test_nothing_published_says_why() -> None:
    assert finding([row("2026-01", None)]).startswith("Not enough data in any month or quarter: ")
    assert per_cent(None) == "[c]"


def row(period: str, figures: tuple[float, float, float] | None) -> ChallengeRow:
    share, low, high = figures or (None, None, None)
    challenged = None if share is None else round(share)
    return ChallengeRow(period, "EW", share, low, high, 100, "uncalibrated", challenged)
