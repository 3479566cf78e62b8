"""What may be published: small pure rules, each raising ``WithheldError`` with a typed reason.

A *cell* is a count of messages and what stands behind it (``Support``). The *denominator* is
every message of a place in a period; a *part* is one value of a split of those messages (flagged
and not flagged, say). Reasons are for the operator: published, a reason such as "one person
sent most of it" would itself disclose, so the public side only ever sees ``[c]``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MIN_CONTRIBUTORS = 10  # ONS research outputs and ACRO's default frequency threshold
MIN_AUTHORS = 10  # the same, for the people who wrote the messages
MIN_CHATS = 3  # one or two chats are a team, and a team is finer than a force
MIN_MESSAGES = 100  # below this a rate per 1,000 says nothing but who took part
NK_N, NK_PERCENT = 2, 90  # ACRO's default NK rule: the two largest hold at most 90%
P_PERCENT = 10  # ACRO's default p% rule: the rest hide the largest to within 10%
MAX_LARGEST_PERCENT = 50  # no cell mostly one person's
MIN_REST = 10  # messages left once the largest contributor takes their own away
MIN_WIDTH, MIN_WIDTH_PERCENT = 10, 50  # protection asked of a withheld value: see the audit
MIN_CHANGED_CONTRIBUTORS = 10  # behind a restated figure's change: the same threshold as a figure's


class Reason(StrEnum):
    """Why a cell is withheld. Internal: never part of a release."""

    CONTRIBUTORS = "too_few_contributors"
    AUTHORS = "too_few_authors"
    CHATS = "too_few_chats"
    MESSAGES = "too_few_messages"
    NK = "two_contributors_dominate"
    P_PERCENT = "largest_contributor_estimable"
    LARGEST = "one_contributor_holds_most"
    DENOMINATOR = "denominator_withheld"
    REST = "one_contributor_could_subtract"
    COMPLEMENTARY = "would_reveal_another_cell"
    CHANGED = "too_few_changed_contributors"


class WithheldError(Exception):
    """A cell that may not be published. Carries the reason, never a count."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Support:
    """A count of messages and what stands behind it, exact and internal.

    ``largest`` and ``two_largest`` are the messages of the contributor with most, and of the two
    with most.
    """

    messages: int
    contributors: int
    authors: int
    chats: int
    largest: int
    two_largest: int


NOTHING = Support(0, 0, 0, 0, 0, 0)


def together(parts: Iterable[Support]) -> Support:
    """What stands behind several counts at least: their people may be the same ones."""
    found = NOTHING
    for part in parts:
        found = Support(
            found.messages + part.messages,
            max(found.contributors, part.contributors),
            max(found.authors, part.authors),
            max(found.chats, part.chats),
            found.largest + part.largest,
            found.two_largest + part.two_largest,
        )
    return found


def check_can_publish_people(cell: Support) -> None:
    """Enough distinct people behind the cell."""
    if cell.contributors < MIN_CONTRIBUTORS:
        raise WithheldError(Reason.CONTRIBUTORS)
    if cell.authors < MIN_AUTHORS:
        raise WithheldError(Reason.AUTHORS)


def check_can_publish_largest(cell: Support) -> None:
    """No contributor holds most of it."""
    if 100 * cell.largest > MAX_LARGEST_PERCENT * cell.messages:
        raise WithheldError(Reason.LARGEST)


def check_can_publish_nk(cell: Support) -> None:
    """No two contributors hold nearly all of it."""
    if 100 * cell.two_largest > NK_PERCENT * cell.messages:
        raise WithheldError(Reason.NK)


def check_can_publish_p_percent(cell: Support) -> None:
    """The second largest cannot work out the largest: the rest are enough to hide it.

    With these thresholds the NK rule is never weaker; this one stands for whoever changes them.
    """
    if 100 * (cell.messages - cell.two_largest) < P_PERCENT * cell.largest:
        raise WithheldError(Reason.P_PERCENT)


def check_can_publish_rest(cell: Support) -> None:
    """Whoever wrote most and subtracts their own still sees a sum of several people's."""
    if cell.messages - cell.largest < MIN_REST:
        raise WithheldError(Reason.REST)


def check_can_publish_dominance(cell: Support) -> None:
    """No contributor, nor any two, so large that others could work them out."""
    check_can_publish_largest(cell)
    check_can_publish_nk(cell)
    check_can_publish_p_percent(cell)
    check_can_publish_rest(cell)


def check_can_publish_denominator(cell: Support) -> None:
    """All of a place's messages in a period: the widest cell, with the strictest rules."""
    check_can_publish_people(cell)
    if cell.chats < MIN_CHATS:
        raise WithheldError(Reason.CHATS)
    if cell.messages < MIN_MESSAGES:
        raise WithheldError(Reason.MESSAGES)
    check_can_publish_dominance(cell)


def check_can_publish_numerator(part: Support) -> None:
    """Flagged messages, or the rest: enough people, none too large.

    Zero is a small count like any other. Were it published while 1 to 9 people's is withheld,
    ``[c]`` would mean "somebody, but few", and the rates left to see would be biased. Near-100%
    cells are caught by asking the same of the messages that are not flagged.
    """
    check_can_publish_people(part)
    check_can_publish_dominance(part)


def check_can_publish_rate(flagged: Support, not_flagged: Support, denominator: Support) -> None:
    """A category's rate: its numerator, what that leaves, and its denominator."""
    check_can_publish_denominator(denominator)
    check_can_publish_numerator(flagged)
    check_can_publish_numerator(not_flagged)


def check_can_publish_challenge(
    challenged: Support, unchallenged: Support, not_flagged: Support, denominator: Support
) -> None:
    """A challenge rate: the risky messages challenged, those not, and what theirs is a part of.

    So a rate near 0% or 100% is withheld. Where both parts of the risky messages pass, so do the
    two together, which are the numerator of all risky content: nobody holds more of the sum than
    the largest of each part.
    """
    check_can_publish_denominator(denominator)
    for part in (challenged, unchallenged, not_flagged):
        check_can_publish_numerator(part)


def check_can_tell_part(part: Support, denominator: Support) -> None:
    """One part of the risky messages by itself, where their challenge rate is withheld.

    Where this passes it may be told: the other part is judged by itself, too.
    """
    check_can_publish_denominator(denominator)
    check_can_publish_numerator(part)


def check_can_publish_shares(parts: Iterable[Support], denominator: Support) -> None:
    """Every value of a habit, or none: they add up to the denominator.

    Here zero is published where the denominator passes: that nobody uses an application says
    nothing of one person, and a habit is withheld whole, so small counts bias nothing.
    """
    check_can_publish_denominator(denominator)
    for part in parts:
        if part.messages:
            check_can_publish_numerator(part)


def check_can_leave_shares(parts: Iterable[Support], denominator: Support) -> None:
    """What subtraction leaves of a habit: a zero there would be every withheld force's zero."""
    check_can_publish_denominator(denominator)
    for part in parts:
        check_can_publish_numerator(part)


def check_can_leave(low: float, high: float, own: float = 0.0) -> None:
    """A withheld value known to lie in ``low`` to ``high`` is hidden well enough.

    ``own`` is what the attacker contributed to it. The value itself is taken to be ``high``,
    the strictest it can be, so that no exact count is needed to check.
    """
    if high - low < max(MIN_WIDTH, MIN_WIDTH_PERCENT / 100 * (high - own)):
        raise WithheldError(Reason.COMPLEMENTARY)


def least_published(own: float) -> float:
    """The least a published count can be to the contributor who wrote ``own`` of it.

    The rules are public, so whoever passed them knows what the others must have written.
    """
    return max(own + MIN_REST, 100 * own / MAX_LARGEST_PERCENT)


def check_can_restate(before: Support, after: Support) -> None:
    """A count's change, which whoever holds both releases sees, tells of no few people.

    Who was in ``before`` is not known any more: a withdrawal erases it. But at least as many people
    came or went as the number of contributors rose or fell by; nobody's change is larger than the
    largest contributor's count of either time; and all changes together are at least the net one.
    So the change passes the rules wherever its least people and its largest person do. A count with
    as many messages of as many contributors as before shows no change, whoever is in it.
    """
    if (before.messages, before.contributors) == (after.messages, after.contributors):
        return
    if abs(after.contributors - before.contributors) < MIN_CHANGED_CONTRIBUTORS:
        raise WithheldError(Reason.CHANGED)
    change = Support(
        messages=abs(after.messages - before.messages),
        contributors=abs(after.contributors - before.contributors),
        authors=abs(after.authors - before.authors),
        chats=abs(after.chats - before.chats),
        largest=max(before.largest, after.largest),
        two_largest=max(before.two_largest, after.two_largest, before.largest + after.largest),
    )
    check_can_publish_numerator(change)


def thresholds() -> dict[str, int]:
    """Every number the policy uses, for the manifest."""
    return {
        "min_contributors": MIN_CONTRIBUTORS,
        "min_authors": MIN_AUTHORS,
        "min_chats": MIN_CHATS,
        "min_messages": MIN_MESSAGES,
        "nk_n": NK_N,
        "nk_percent": NK_PERCENT,
        "p_percent": P_PERCENT,
        "max_largest_percent": MAX_LARGEST_PERCENT,
        "min_rest": MIN_REST,
        "min_width": MIN_WIDTH,
        "min_width_percent": MIN_WIDTH_PERCENT,
        "min_changed_contributors": MIN_CHANGED_CONTRIBUTORS,
    }
