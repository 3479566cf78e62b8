"""What may be said of an effect: small pure rules, each raising ``EffectWithheldError``.

An effect is a ratio over force-months, and who knows all but one of its forces could solve it for
the last. So it is published as a national average only, over at least three trained forces on at
least two dates; of all the trained forces' messages behind it, those whose own figures fail the
release policy must pass it together, as if they were one force (the rule of a release's national
figures); no force holds most of it; and it is rounded to two significant digits. Which months of a
force enter is decided by how many people wrote, never by what: leaving out months with few flags
would bias every ratio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.impact.panel import MIN_COHORTS, MIN_TRAINED
from pipelines.release.policy import (
    MAX_LARGEST_PERCENT,
    Support,
    WithheldError,
    check_can_publish_rate,
)

DIGITS = 2  # significant digits of a published effect: differences of a percent say nothing


class EffectReason(StrEnum):
    """Why an effect is withheld. Internal: a page says "Not enough data" whichever it is."""

    TRAINED_FORCES = "too_few_trained_forces"
    COHORTS = "too_few_training_dates"
    REST = "forces_that_fail_alone_fail_together"
    LARGEST = "one_force_holds_most"


class EffectWithheldError(Exception):
    """An effect that may not be published. Carries the reason, never a count."""

    def __init__(self, reason: EffectReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Part:
    """What stands behind a rate, exact and internal: of one force, or of several together."""

    flagged: Support
    not_flagged: Support
    denominator: Support


@dataclass(frozen=True, slots=True)
class TrainedForce:
    """A trained force's messages behind an effect, and the month its training began (an index)."""

    force: str
    start: int
    part: Part


def passes(part: Part) -> bool:
    """Whether the release policy would publish its rate."""
    try:
        check_can_publish_rate(part.flagged, part.not_flagged, part.denominator)
    except WithheldError:
        return False
    return True


def check_can_publish_forces(forces: Sequence[TrainedForce]) -> None:
    """Enough trained forces, on enough dates."""
    if len(forces) < MIN_TRAINED:
        raise EffectWithheldError(EffectReason.TRAINED_FORCES)
    if len({force.start for force in forces}) < MIN_COHORTS:
        raise EffectWithheldError(EffectReason.COHORTS)


def check_can_publish_largest_force(forces: Sequence[TrainedForce]) -> None:
    """No force so large that the others' figures give it away."""
    flagged = [force.part.flagged.messages for force in forces]
    messages = [force.part.denominator.messages for force in forces]
    for held in (flagged, messages):
        if 100 * max(held) > MAX_LARGEST_PERCENT * sum(held):
            raise EffectWithheldError(EffectReason.LARGEST)


def check_can_publish_rest(
    forces: Sequence[TrainedForce], pooled: Callable[[frozenset[str]], Part]
) -> None:
    """At least three forces pass alone; those that do not, pass together or there are none.

    ``pooled`` counts several forces together: their distinct people, not a sum.
    """
    failing = frozenset(force.force for force in forces if not passes(force.part))
    if len(forces) - len(failing) < MIN_TRAINED:
        raise EffectWithheldError(EffectReason.TRAINED_FORCES)
    if failing and not passes(pooled(failing)):
        raise EffectWithheldError(EffectReason.REST)


def check_can_publish_effect(
    forces: Sequence[TrainedForce], pooled: Callable[[frozenset[str]], Part]
) -> None:
    """Everything asked of one effect."""
    check_can_publish_forces(forces)
    check_can_publish_largest_force(forces)
    check_can_publish_rest(forces, pooled)
