"""Published figures: rounded counts, and rates that come from nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipelines.prevalence.design import Design
from pipelines.release.rounding import challenge_share, design_effect, rate, round_to_base


@pytest.mark.parametrize(
    ("count", "rounded"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (12, 10), (13, 15), (100, 100)]
)
def test_rounds_to_the_nearest_five(count: int, rounded: int) -> None:
    assert round_to_base(count) == rounded


def test_the_design_effect_grows_with_messages_a_person() -> None:
    assert design_effect(100, 100) == 1.0
    assert design_effect(2100, 100) == pytest.approx(1 + 20 * 0.05)


def test_the_interval_is_wilsons_where_everyone_wrote_once() -> None:
    found = rate(part=20, messages=1000, contributors=1000)
    expected = binomtest(20, 1000).proportion_ci(method="wilson")
    assert found.estimate == 20.0
    assert found.low == pytest.approx(1000 * expected.low, abs=1e-4)
    assert found.high == pytest.approx(1000 * expected.high, abs=1e-4)


def test_a_challenge_share_has_the_interval_of_fewer_messages() -> None:
    """200 by 40 people, so unequally that a message has 16 of its writer's with it on average, of
    which 15 are others, alike to .1: worth 200 / 2.5 = 80.
    """
    found = challenge_share(50, 200, 40, Design(correlation=0.1, size_variation=3.2))
    expected = binomtest(20, 80).proportion_ci(method="wilson")
    assert found.estimate == 25.0
    assert found.low == pytest.approx(100 * expected.low, abs=1e-4)
    assert found.high == pytest.approx(100 * expected.high, abs=1e-4)


@pytest.mark.parametrize("counts", [(51, 200, 40), (50, 201, 40), (50, 200, 41)])
def test_a_challenge_share_of_unrounded_counts_is_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="rounded to 5"):
        challenge_share(*counts, Design(0.1, 4.0))


def test_zero_has_an_interval_from_zero() -> None:
    found = rate(part=0, messages=1000, contributors=40)
    assert (found.estimate, found.low) == (0.0, 0.0)
    assert 0 < found.high < 20


@pytest.mark.parametrize("counts", [(21, 1000, 40), (20, 1001, 40), (20, 1000, 41)])
def test_unrounded_counts_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="rounded to 5"):
        rate(*counts)


@given(st.integers(0, 200), st.integers(20, 2000), st.integers(2, 200))
def test_the_interval_holds_the_estimate(part: int, messages: int, people: int) -> None:
    found = rate(5 * min(part, messages), 5 * messages, 5 * people)
    assert 0 <= found.low <= found.estimate <= found.high <= 1000
