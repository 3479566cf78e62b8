"""What labels may say of a classifier in public: enough people's, rounded, and seldom anew."""

from __future__ import annotations

import pytest

from pipelines.label.sample import Labelled, LabelledSample
from pipelines.prevalence.rates import ErrorRates
from pipelines.release.calibration import Labels, calibrate

NONE_USED = Labels("", {})


def judged(
    many: int,
    *,
    flagged: bool,
    share: float,
    month: str = "2026-01",
    weight: float = 1,
    first: int = 0,
) -> list[Labelled]:
    """``many`` people's messages, one each."""
    people = [bytes([first + n]) for n in range(many)]
    return [Labelled(month, "rest", weight, flagged, share, p, p) for p in people]


def sample(
    hits: int, misses: int, alarms: int, clear: int, month: str = "2026-01", weight: float = 1
) -> list[Labelled]:
    return [
        *judged(hits, flagged=True, share=1.0, month=month, weight=weight),
        *judged(misses, flagged=False, share=1.0, month=month, weight=weight, first=100),
        *judged(alarms, flagged=True, share=0.0, month=month, weight=weight),
        *judged(clear, flagged=False, share=0.0, month=month, weight=weight),
    ]


def calibrated(rows: list[Labelled], wordless: int = 0) -> dict[str, ErrorRates]:
    return calibrate(LabelledSample({"DISC": rows}, wordless), NONE_USED, {}, "c1")[0]


def test_rates_are_made_from_counts_rounded_to_5() -> None:
    """31, 12, 22 and 201 are published as 30, 10, 20 and 200; 43 positives as a size of 50."""
    rates = calibrated(sample(31, 12, 22, 201))["DISC"]
    assert rates.tpr == pytest.approx(0.75)
    assert rates.fpr == pytest.approx(0.0909)  # 20 / 220
    assert (rates.positives, rates.negatives) == (50, 200)


def test_a_judged_message_stands_for_as_many_as_it_was_drawn_from() -> None:
    rows = [
        *sample(30, 12, 20, 0, weight=2),
        *judged(100, flagged=False, share=0.0, weight=100.4),
    ]
    rates = calibrated(rows, wordless=9_960)["DISC"]
    assert rates.tpr == pytest.approx(0.75)
    assert rates.fpr == pytest.approx(0.002)  # 2 * 20 of 20,000: also 100 * 100 and 9,960


def test_one_of_two_labellers_counts_half() -> None:
    doubtful = judged(20, flagged=True, share=0.5)
    rates = calibrated([*sample(20, 30, 10, 200), *doubtful])["DISC"]
    assert rates.tpr == pytest.approx(0.5)  # 20 + 20 / 2 of 60


# what was found by how many people: hits, misses, false alarms, clear messages
@pytest.mark.parametrize(
    "few",
    [(9, 20, 20, 200), (20, 9, 20, 200), (20, 20, 9, 200), (20, 20, 200, 9), (20, 0, 20, 200)],
)
def test_a_few_peoples_messages_calibrate_nothing(few: tuple[int, int, int, int]) -> None:
    assert calibrated(sample(*few)) == {}


def test_one_who_holds_most_of_what_was_missed_calibrates_nothing() -> None:
    loud = judged(1, flagged=False, share=1.0) * 20
    assert calibrated([*sample(31, 12, 22, 201), *loud]) == {}


def test_few_authors_of_many_contributors_calibrate_nothing() -> None:
    rows = [
        Labelled(m.month, m.stratum, 1, m.flagged, m.judged, m.contributor_key, b"one")
        for m in sample(31, 12, 22, 201)
    ]
    assert calibrated(rows) == {}


def test_nothing_labelled_calibrates_nothing() -> None:
    assert calibrate(LabelledSample({}, 0), NONE_USED, {}, "c1") == ({}, Labels("c1", {}))


# ---- between releases -----------------------------------------------------------------------

JANUARY = sample(33, 13, 23, 203)
FIRST = calibrate(LabelledSample({"DISC": JANUARY}, 0), NONE_USED, {}, "c1")


def later(rows: list[Labelled], classifier: str = "c1") -> tuple[dict[str, ErrorRates], Labels]:
    found, used = FIRST
    return calibrate(LabelledSample({"DISC": rows}, 0), used, found, classifier)


@pytest.mark.parametrize("counts", [(32, 13, 23, 203), (33, 12, 23, 203), (33, 13, 22, 202)])
def test_one_withdrawal_changes_nothing(counts: tuple[int, int, int, int]) -> None:
    """Each crosses a boundary of rounding: 33 and 13 round up, 32 and 12 down."""
    assert calibrated(sample(*counts)) != FIRST[0], "were it taken anew"
    assert later(sample(*counts)) == FIRST


def test_nor_does_it_beside_a_month_of_few_peoples_labels() -> None:
    assert later([*sample(33, 12, 23, 203), *sample(20, 2, 20, 200, "2026-02")]) == FIRST


def test_rates_are_kept_when_the_labels_are_gone() -> None:
    assert calibrate(LabelledSample({}, 0), FIRST[1], FIRST[0], "c1") == FIRST


def test_a_further_month_of_enough_people_is_added() -> None:
    rows = [*JANUARY, *sample(20, 30, 20, 200, "2026-02")]
    found, used = later(rows)
    assert found == calibrated(rows) != FIRST[0]
    assert used == Labels("c1", {"DISC": ("2026-01", "2026-02")})


def test_another_classifier_waits_for_further_labels() -> None:
    """Its rates on the labels used so far would show who left, and the old ones are not its own."""
    assert later(JANUARY, "c2") == ({}, Labels("c2", {"DISC": ("2026-01",)}))
