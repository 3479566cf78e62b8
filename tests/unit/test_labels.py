"""How judged messages make the strata that tell error rates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.label.sample import Labelled
from pipelines.prevalence.labels import collapsed
from pipelines.prevalence.sample import Stratum


def drawn(
    many: int, stratum: str, weight: float, flagged: bool, judged: float, people: int
) -> list[Labelled]:
    one = Labelled("2026-10", stratum, weight, flagged, judged, b"", b"")
    return [replace(one, contributor_key=bytes([n % people])) for n in range(many)]


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
