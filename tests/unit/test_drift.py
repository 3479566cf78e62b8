"""Drift: how far two histograms lie apart, and the fixed sample they are made on."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.classify.classifier import Classifier
from pipelines.prevalence.drift import BINS, compare, log_odds, psi, read_sample
from pipelines.prevalence.shipped import shipped_rates


@pytest.mark.parametrize(
    ("probability", "bin_"), [(0.0, -7), (0.01, -5), (0.2, -2), (0.5, 0), (0.8, 1), (1.0, 6)]
)
def test_scores_are_binned_by_whole_log_odds(probability: float, bin_: int) -> None:
    assert log_odds(probability) == bin_


@given(st.floats(0, 1))
def test_every_probability_has_a_bin(probability: float) -> None:
    assert log_odds(probability) in BINS


def test_the_index_by_hand() -> None:
    """Shares 3/4 and 1/4 become 1/4 and 3/4, but for the half added to each."""
    assert psi([30, 10], [10, 30]) == pytest.approx(20 / 41 * log(30.5 / 10.5) * 2)
    assert psi([30, 10], [300, 100]) < 0.001


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=14))
def test_the_index_is_never_negative_and_goes_both_ways(pairs: list[tuple[int, int]]) -> None:
    before, after = zip(*pairs, strict=True)
    assert psi(before, after) >= 0
    assert psi(before, after) == pytest.approx(psi(after, before))
    assert psi(before, before) == 0


def test_the_classifier_in_use_scores_as_recorded() -> None:
    """Record a new version: python -m pipelines.prevalence.drift --write."""
    for found in compare(Classifier.load()):
        assert found.recorded == found.flagged, found.category
        assert found.psi is not None and found.psi < 0.01


def test_the_sample_has_ordinary_talk_and_every_category() -> None:
    sample = read_sample()
    codes = {code for message in sample for code in message.codes}
    assert len(codes) == 12
    assert sum(not message.codes for message in sample) == 300


def test_the_card_has_usable_rates_of_every_category() -> None:
    assert len(shipped_rates()) == 13
