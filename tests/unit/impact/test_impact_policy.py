"""Which effects may be published: small tables of forces, and the reason expected."""

from __future__ import annotations

import pytest

from pipelines.impact.policy import (
    EffectReason,
    EffectWithheldError,
    Part,
    TrainedForce,
    check_can_publish_effect,
)
from pipelines.release.policy import Support


def of(people: int, flagged: int = 100, messages: int = 1000) -> Part:
    """``people`` who wrote and were flagged equally much."""

    def support(count: int) -> Support:
        return Support(count, people, people, 5, -(-count // people), 2 * (-(-count // people)))

    return Part(support(flagged), support(messages - flagged), support(messages))


def force(name: str, start: int, part: Part) -> TrainedForce:
    return TrainedForce(name, start, part)


ENOUGH, FEW = of(20), of(6)
THREE = [force("a", 4, ENOUGH), force("b", 4, ENOUGH), force("c", 7, ENOUGH)]

# trained forces, those that fail alone pooled; then why not
CASES = [
    (THREE, FEW, None),
    (THREE[1:], FEW, EffectReason.TRAINED_FORCES),
    ([*THREE[:2], force("c", 4, ENOUGH)], FEW, EffectReason.COHORTS),
    ([*THREE[:2], force("c", 7, FEW)], ENOUGH, EffectReason.TRAINED_FORCES),
    ([*THREE, force("d", 7, FEW)], FEW, EffectReason.REST),
    ([*THREE, force("d", 7, FEW), force("e", 9, FEW)], ENOUGH, None),
    ([*THREE, force("d", 7, of(200, 1000, 10000))], ENOUGH, EffectReason.LARGEST),
    ([*THREE, force("d", 7, of(200, 400, 1000))], ENOUGH, EffectReason.LARGEST),
]


@pytest.mark.parametrize(("forces", "rest", "why"), CASES)
def test_effects(forces: list[TrainedForce], rest: Part, why: EffectReason | None) -> None:
    def reason() -> EffectReason | None:
        try:
            check_can_publish_effect(forces, lambda failing: rest)
        except EffectWithheldError as withheld:
            return withheld.reason
        return None

    assert reason() is why


def test_the_forces_that_fail_alone_are_counted_together() -> None:
    asked = []

    def pooled(failing: frozenset[str]) -> Part:
        asked.append(failing)
        return ENOUGH

    check_can_publish_effect([*THREE, force("d", 7, FEW), force("e", 9, FEW)], pooled)
    assert asked == [{"d", "e"}]
