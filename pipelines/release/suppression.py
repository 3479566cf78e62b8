"""Which cells of a table are published, so that no withheld one is found by subtraction.

A *table* is one month's split of messages, by force: the month's messages themselves, one risk
category (flagged, not flagged), or one habit. Its only margin is national: all forces together.
Categories do not add up to anything (a message may have several), months are never summed, and
values of a split are published or withheld together, so nothing else links two cells.

The rule: every withheld force goes into one *remainder*, which is what subtracting published
forces from the national figure leaves. The remainder must pass the same policy as a force and
hold at least two forces. While it does not, the smallest published force is withheld too. Where
that would cost more than half of the forces that pass by themselves, or where the national figure
itself fails, the national figure is withheld instead and they stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipelines.release.policy import (
    Reason,
    Support,
    WithheldError,
    check_can_publish_denominator,
    check_can_publish_split,
    check_remainder_hides,
)

Split = Mapping[str, Support]
"""Value of the split → its support."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some forces' messages in a month: all of them, and as split by a table."""

    denominator: Support
    split: Split


@dataclass(frozen=True, slots=True)
class Decision:
    """One table's outcome: which forces, and whether the national figure, are published.

    ``passing`` are the forces that pass by themselves; ``settled`` is false while the remainder
    has still to be looked at.
    """

    passing: frozenset[str]
    published: frozenset[str]
    withheld: Mapping[str, Reason]
    national: Reason | None = None
    settled: bool = False

    @property
    def national_published(self) -> bool:
        return self.settled and self.national is None


def reason_to_withhold(group: Group) -> Reason | None:
    """``None`` where the group may be published."""
    try:
        check_can_publish_denominator(group.denominator)
        check_can_publish_split(group.split.values(), group.denominator)
    except WithheldError as withheld:
        return withheld.reason
    return None


def first_decision(
    forces: Mapping[str, Group], national: Group, allowed: frozenset[str], national_allowed: bool
) -> Decision:
    """Each cell on its own. ``allowed`` says whose denominators are published."""
    reasons = {
        force: reason_to_withhold(group) if force in allowed else Reason.DENOMINATOR
        for force, group in forces.items()
    }
    withheld = {force: reason for force, reason in reasons.items() if reason is not None}
    passing = frozenset(forces) - frozenset(withheld)
    failing = reason_to_withhold(national) if national_allowed else Reason.DENOMINATOR
    settled = failing is not None or not withheld
    return Decision(passing, passing, withheld, failing, settled)


def next_decision(decision: Decision, remainder: Group, sizes: Mapping[str, int]) -> Decision:
    """Settle the table, or withhold one more force. ``sizes`` are messages by force."""
    if remainder_is_safe(remainder, len(decision.withheld)):
        return replace(decision, settled=True)
    if 2 * (len(decision.published) - 1) < len(decision.passing):
        return _withhold_national(decision)
    smallest = min(decision.published, key=lambda force: (sizes[force], force))
    return replace(
        decision,
        published=decision.published - {smallest},
        withheld={**decision.withheld, smallest: Reason.COMPLEMENTARY},
    )


def _withhold_national(decision: Decision) -> Decision:
    own = {f: reason for f, reason in decision.withheld.items() if f not in decision.passing}
    return Decision(decision.passing, decision.passing, own, Reason.COMPLEMENTARY, settled=True)


def remainder_is_safe(remainder: Group, forces: int) -> bool:
    """Whether subtraction may leave this."""
    try:
        check_remainder_hides(forces, remainder.split.values())
    except WithheldError:
        return False
    return reason_to_withhold(remainder) is None
