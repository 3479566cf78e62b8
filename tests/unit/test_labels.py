"""What labels say of a classifier: strata, two labellers, and whose messages they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.label.sample import Labelled, LabelledSample
from pipelines.prevalence.labels import calibrate, collapsed
from pipelines.prevalence.sample import Stratum


def drawn(
    many: int, stratum: str, weight: float, flagged: bool, judged: float, people: int
) -> list[Labelled]:
    one = Labelled("2026-10", stratum, weight, flagged, judged, b"")
    return [replace(one, contributor_key=bytes([n % people])) for n in range(many)]


def sample(people: int) -> list[Labelled]:
    """Of 200 messages likely DISC half were drawn, of 10,000 others one in a hundred."""
    return [
        *drawn(40, "DISC 2", 2, True, 1.0, people),
        *drawn(20, "DISC 2", 2, True, 0.5, people),
        *drawn(40, "DISC 2", 2, True, 0.0, people),
        *drawn(1, "rest", 100, False, 1.0, people),
        *drawn(99, "rest", 100, False, 0.0, people),
    ]


def test_rates_stand_for_the_warehouse_and_one_of_two_labellers_counts_half() -> None:
    """100 hits and 100 misses; 100 false alarms among 10,000 others."""
    rates = calibrate(LabelledSample({"DISC": sample(20)}, 0), 10)["DISC"]
    assert rates.tpr == pytest.approx(0.5)
    assert rates.fpr == pytest.approx(0.01)


def test_wordless_messages_are_known_negatives() -> None:
    rates = calibrate(LabelledSample({"DISC": sample(20)}, 10_000), 10)["DISC"]
    assert rates.tpr == pytest.approx(0.5)
    assert rates.fpr == pytest.approx(0.005)


def test_a_few_peoples_messages_calibrate_nothing() -> None:
    assert calibrate(LabelledSample({"DISC": sample(9)}, 0), 10) == {}
    few_positive = [m for m in sample(20) if not m.judged or m.contributor_key[0] < 9]
    assert calibrate(LabelledSample({"DISC": few_positive}, 0), 10) == {}


# what was drawn                     what it is to DISC, and to any risk
STRATA = [
    (drawn(5, "DISC 2", 3, True, 1.0, 1), Stratum(True, 15, 5, 5), Stratum(True, 15, 5, 5)),
    (drawn(5, "rest", 30, False, 0.0, 1), Stratum(False, 150, 5, 0), Stratum(False, 150, 5, 0)),
]


@pytest.mark.parametrize(("judged", "to_disc", "to_any"), STRATA)
def test_own_bands_and_the_rest_stand_apart(
    judged: list[Labelled], to_disc: Stratum, to_any: Stratum
) -> None:
    assert collapsed("DISC", judged, 0) == [to_disc]
    assert collapsed("ANY", judged, 0) == [to_any]


def test_other_categories_strata_are_one() -> None:
    judged = [*drawn(4, "OPS 1", 10, False, 0.0, 1), *drawn(4, "VIOL 3", 10, False, 0.5, 1)]
    assert collapsed("DISC", judged, 0) == [Stratum(False, 80, 8, 2)]
    assert collapsed("ANY", judged, 0) == [Stratum(False, 40, 4, 0), Stratum(False, 40, 4, 2)]


def test_months_drawn_unequally_are_worth_fewer_labels_than_they_have() -> None:
    """Kish: (5 * 10 + 5 * 30)² / (5 * 10² + 5 * 30²) = 8 of 10."""
    judged = [*drawn(5, "rest", 10, False, 0.0, 1), *drawn(5, "rest", 30, False, 0.0, 1)]
    assert collapsed("DISC", judged, 0) == [Stratum(False, 200, 8, 0)]


def test_nothing_labelled_calibrates_nothing() -> None:
    assert calibrate(LabelledSample({}, 0), 10) == {}
