"""From flags to prevalences: the adjusted count, its interval, and what goes into them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

from pipelines.prevalence.design import (
    Moments,
    band,
    design_effect,
    intra_contributor_correlation,
    size_variation,
)
from pipelines.prevalence.estimate import Prevalence, adjusted, jeffreys, shifted, wilson
from pipelines.prevalence.method import TRANSFER_SD, Basis, Method, pooled
from pipelines.prevalence.rates import ErrorRates, count_errors, pool
from pipelines.prevalence.sample import Stratum, error_rates

EXACT = 10**9  # so many labels that a rate is known
SURE = ErrorRates(EXACT, EXACT, 0, EXACT)


def known(tpr: float, fpr: float) -> ErrorRates:
    return ErrorRates(tpr * EXACT, EXACT, fpr * EXACT, EXACT)


# flag rate, TPR, FPR         prevalence (Rogan and Gladen, 1978)
ADJUSTED = [
    (0.05, 1.0, 0.00, 0.05),
    (0.05, 0.5, 0.00, 0.10),
    (0.05, 0.9, 0.01, 0.04 / 0.89),
    (0.01, 0.8, 0.02, 0.0),  # fewer flags than false alarms alone: clipped
    (0.95, 0.8, 0.02, 1.0),
]


@pytest.mark.parametrize(("flags", "tpr", "fpr", "prevalence"), ADJUSTED)
def test_the_adjusted_count(flags: float, tpr: float, fpr: float, prevalence: float) -> None:
    assert adjusted(flags, 1000, known(tpr, fpr)).estimate == pytest.approx(prevalence, abs=1e-9)


def test_a_classifier_without_errors_leaves_wilsons_interval() -> None:
    found = adjusted(0.02, 1000, SURE)
    expected = binomtest(20, 1000).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-5)


def test_with_endless_messages_the_interval_is_that_of_the_error_rate() -> None:
    """All flags are hits: the prevalence is the flag rate over the TPR, and so are its limits."""
    found = adjusted(0.05, 1e15, ErrorRates(80, 100, 0, 1e15))
    low, high = beta.ppf([0.025, 0.975], 80.5, 20.5)
    assert (found.low, found.high) == pytest.approx((0.05 / high, 0.05 / low), rel=1e-4)


def test_what_is_known_less_well_widens_the_interval() -> None:
    def width(messages: float, rates: ErrorRates, transfer_sd: float = 0.0) -> float:
        found = adjusted(0.03, messages, rates, transfer_sd)
        return found.high - found.low

    best = width(100_000, ErrorRates(800, 1000, 100, 10_000))
    assert width(1_000, ErrorRates(800, 1000, 100, 10_000)) > best
    assert width(100_000, ErrorRates(80, 100, 100, 10_000)) > best
    assert width(100_000, ErrorRates(800, 1000, 10, 1000)) > best
    assert width(100_000, ErrorRates(800, 1000, 100, 10_000), TRANSFER_SD) > best
    assert width(100_000, ErrorRates(800, 1000, 100, 10_000, -0.5)) < best


def test_flags_that_say_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be corrected"):
        adjusted(0.05, 1000, ErrorRates(5, 100, 5, 100))


@given(
    st.floats(0, 1), st.floats(1, 1e6), st.floats(0.2, 1), st.floats(0, 0.19), st.floats(1, 1e5),
    st.floats(-1, 0), st.sampled_from([0.0, TRANSFER_SD]),
)  # fmt: skip
def test_the_estimate_lies_in_its_interval_and_both_in_0_to_1(
    flags: float, messages: float, tpr: float, fpr: float, size: float, rho: float, sd: float
) -> None:
    found = adjusted(flags, messages, ErrorRates(tpr * size, size, fpr * size, size, rho), sd)
    assert 0 <= found.low <= found.estimate <= found.high <= 1


@pytest.mark.parametrize(("flags", "end"), [(0.0, 0.0), (0.002, 0.0), (0.95, 1.0)])
def test_flags_that_the_rates_cannot_explain_leave_doubt(flags: float, end: float) -> None:
    """Far fewer than false alarms, or more than all positives: the rates are others here."""
    found = adjusted(flags, 100_000, ErrorRates(800, 1000, 100, 10_000))
    assert found.estimate == end
    assert found.high - found.low > 1e-5


@given(st.integers(0, 99), st.sampled_from([0.0, TRANSFER_SD]))
def test_one_more_flag_never_lowers_an_estimate(flags: int, sd: float) -> None:
    rates = ErrorRates(70, 100, 20, 1000)
    less, more = (adjusted(n / 100, 100, rates, sd) for n in (flags, flags + 1))
    assert less.estimate <= more.estimate and less.low <= more.low + 1e-9
    assert less.high <= more.high + 1e-9


def test_limits_of_nothing_and_of_everything_reach_the_ends() -> None:
    assert jeffreys(0, 50)[0] == wilson(0, 50)[0] == 0.0
    assert jeffreys(50, 50)[1] == wilson(1, 50)[1] == 1.0
    assert shifted(0, 50, 1.0)[0] == 0.0 and shifted(50, 50, 1.0)[1] == 1.0


@given(st.floats(0, 500), st.floats(0, 500), st.floats(0.01, 2))
def test_rates_from_elsewhere_are_known_less_well(events: float, others: float, sd: float) -> None:
    trials = events + others + 1
    low, high = jeffreys(events, trials)
    wide_low, wide_high = shifted(events, trials, sd)
    assert wide_low <= low + 1e-12 and high <= wide_high + 1e-12


def test_errors_are_counted_by_category_and_for_any_risk() -> None:
    truths = [["DISC"], ["DISC"], ["OPS"], [], [], ["SPUP"]]
    flags = [["DISC"], ["OPS"], [], ["DISC"], [], []]
    found = count_errors(truths, flags)
    assert found["DISC"] == ErrorRates(1, 2, 1, 4)
    assert found["OPS"] == ErrorRates(0, 1, 1, 5)
    assert found["ANY"] == ErrorRates(2, 3, 1, 3)  # the second is risky, whatever it is flagged as
    assert found["SPUP"] == ErrorRates(0, 1, 0, 5)
    assert "VIOL" not in found


def test_printed_rates_are_rounded_and_read_back_as_printed() -> None:
    rates = ErrorRates(123.4, 234.5, 7.8912, 12_345, -0.47)
    assert rates.as_dict() == {
        "tpr": 0.526, "positives": 230, "fpr": 0.000639, "negatives": 12_000, "correlation": -0.5,
    }  # fmt: skip
    assert rates.published().as_dict() == rates.as_dict()


def test_pooled_rates_are_weighted_by_messages() -> None:
    a, b = ErrorRates(50, 100, 10, 1000), ErrorRates(90, 100, 40, 1000)
    assert pool([a, a], [1, 5]) == a
    mixed = pool([a, b], [3, 1])
    assert (mixed.tpr, mixed.fpr) == pytest.approx((0.6, 0.0175))


# --- labelled samples -------------------------------------------------------------------------


def test_a_sample_stands_for_its_strata() -> None:
    """1,000 flagged, half of them rightly; 100 of 100,000 others missed: 500 of 600 found."""
    rates = error_rates([Stratum(True, 1000, 200, 100), Stratum(False, 100_000, 10_000, 10)])
    assert rates is not None
    assert rates.tpr == pytest.approx(500 / 600)
    assert rates.fpr == pytest.approx(500 / 100_400)
    # TPR's odds are 500 to 100, known to within one in the root of ten misses and of 100 hits
    variance = 1 / (rates.positives * rates.tpr * (1 - rates.tpr))
    assert variance == pytest.approx(1 / 10 + 1 / 200, rel=0.2)
    assert rates.negatives > rates.positives
    assert rates.correlation < 0


def test_nothing_missed_in_the_sample_does_not_make_the_classifier_perfect() -> None:
    few = error_rates([Stratum(True, 1000, 200, 100), Stratum(False, 100_000, 500, 0)])
    many = error_rates([Stratum(True, 1000, 200, 100), Stratum(False, 100_000, 20_000, 0)])
    assert few is not None and many is not None
    assert few.tpr == many.tpr == 1.0
    assert few.positives < many.positives
    assert jeffreys(few.tp, few.positives)[0] < jeffreys(many.tp, many.positives)[0] < 1


def test_a_sample_labelled_whole_is_a_count() -> None:
    rates = error_rates([Stratum(True, 20, 20, 15), Stratum(False, 980, 980, 5)])
    assert rates == ErrorRates(15, 20, 5, 980)


SILENT = [
    [],
    [Stratum(True, 1000, 200, 100)],  # nobody looked at what is not flagged
    [Stratum(True, 1000, 200, 0), Stratum(False, 100_000, 500, 0)],  # no positive
    [Stratum(True, 1000, 200, 2), Stratum(False, 100_000, 500, 50)],  # flags say nothing
]


@pytest.mark.parametrize("strata", SILENT)
def test_labels_that_do_not_calibrate(strata: list[Stratum]) -> None:
    assert error_rates(strata) is None


# --- people -----------------------------------------------------------------------------------


def people(*counts: tuple[int, int]) -> Moments:
    """(messages, flagged) of each person of one place."""
    return Moments(
        len(counts),
        sum(m for m, _ in counts),
        sum(y for _, y in counts),
        sum(m * m for m, _ in counts),
        sum(y * y for _, y in counts),
        sum(m * y for m, y in counts),
    )


def test_one_persons_messages_are_as_alike_as_they_are() -> None:
    # q = .2; excesses 2, -2, 0, 0: (4/3 * 8 - .16 * 40) / (.16 * 4 * 90)
    some = intra_contributor_correlation([people((10, 4), (10, 0), (10, 2), (10, 2))])
    assert some == pytest.approx((32 / 3 - 6.4) / 57.6)
    assert intra_contributor_correlation([people((10, 10), (10, 0))]) == 1.0
    spread = intra_contributor_correlation([people(*[(10, 2)] * 20)])
    assert spread == 0.001  # everybody the same: less than chance, the least there is
    assert intra_contributor_correlation([people((10, 0), (5, 0)), people((10, 3))]) is None


def test_people_of_one_size_do_not_vary() -> None:
    assert size_variation([people((10, 1), (10, 2), (10, 0))]) == 1.0
    assert size_variation([people((1, 0), (19, 2))]) == pytest.approx(1 + 0.9**2)
    assert size_variation([]) is None


def test_unequal_people_are_worth_less() -> None:
    assert design_effect(100, 100, 0.05, 1.0) == 1.0
    assert design_effect(2100, 100, 0.05, 1.0) == pytest.approx(1 + 20 * 0.05)
    assert design_effect(2100, 100, 0.05, 3.0) == pytest.approx(1 + 62 * 0.05)


@pytest.mark.parametrize(
    ("value", "banded"), [(0.0234, 0.02), (0.026, 0.03), (2.71, 3.0), (0.9, 1.0), (0.00104, 0.001)]
)
def test_only_a_band_is_published(value: float, banded: float) -> None:
    assert band(value) == banded


# --- a category's method ----------------------------------------------------------------------

CALIBRATED = Method(ErrorRates(80, 100, 10, 1000), Basis.CALIBRATED, 0.02, 3.0)
CARD = Method(ErrorRates(80, 100, 10, 1000), Basis.UNCALIBRATED, 0.02, 3.0)


def test_uncalibrated_intervals_are_wider_around_the_same_estimate() -> None:
    own, borrowed = (method.estimate(50, 1000, 40) for method in (CALIBRATED, CARD))
    assert own.estimate == borrowed.estimate == pytest.approx(0.04 / 0.79)
    assert borrowed.low < own.low and own.high < borrowed.high


def test_a_method_is_read_back_as_printed() -> None:
    for method in (CALIBRATED, CARD):
        assert Method.from_dict(method.as_dict()) == method


def test_months_are_pooled_as_calibrated_only_if_all_are() -> None:
    assert pooled([CALIBRATED, CALIBRATED], [10, 20]) == CALIBRATED
    assert pooled([CALIBRATED, CARD], [10, 20]).basis is Basis.UNCALIBRATED


@given(st.integers(2, 2000), st.data(), st.sampled_from([CALIBRATED, CARD]))
def test_whoever_has_the_estimate_has_the_count(
    tens: int, data: st.DataObject, method: Method
) -> None:
    """Two counts never give the same printed figures, so publishing the count adds nothing."""
    messages, people = 100 * tens, 5 * max(tens // 10, 2)
    flagged = 5 * data.draw(st.integers(0, messages // 10))
    one, other = (method.estimate(n, messages, people) for n in (flagged, flagged + 5))
    assert printed(one) != printed(other)


def printed(found: Prevalence) -> tuple[float, ...]:
    return tuple(round(1000 * x, 3) for x in (found.estimate, found.low, found.high))
