"""What of a withheld cell passes the policy by itself: it may be told where nothing else is by it.

A part of many people beside one of few is withheld with it, but need not be hidden as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pipelines.release.cells import (
    CHALLENGE,
    CHALLENGED,
    TIME_OF_WEEK,
    UNCHALLENGED,
    Cell,
    margins_of,
)
from pipelines.release.disclosure import Outcome, reason_to_withhold
from pipelines.release.policy import WithheldError, check_can_tell_part


def may_be_told(split: str, cell: Cell, outcome: Outcome) -> Iterator[str]:
    """As what a cell passes by itself, so that it may be told where it is withheld.

    The split's name; of a challenge rate, or of times of the week, that of each part.
    """
    group = outcome.groups[split, cell]
    if split == TIME_OF_WEEK:
        yield from (value for value in group.split if _may_tell_time(value, cell, outcome))
    elif split == CHALLENGE:
        for part in (CHALLENGED, UNCHALLENGED):
            with suppress(WithheldError):
                check_can_tell_part(group.split[part], group.denominator)
                yield part
    elif reason_to_withhold(split, group) is None:
        yield split


def _may_tell_time(value: str, cell: Cell, outcome: Outcome) -> bool:
    """Whether one time of the week passes by itself; or all do; or nobody wrote in it because none
    wrote on such days, or at such times at all, and that may be told.
    """
    group = outcome.groups[TIME_OF_WEEK, cell]
    if reason_to_withhold(TIME_OF_WEEK, group) is None:
        return True
    with suppress(WithheldError):
        check_can_tell_part(group.split[value], group.denominator)
        return True
    wholes = ((outcome.groups[margin, cell], margin, part) for margin, part in margins_of(value))
    return any(
        not whole.split[part].messages and reason_to_withhold(margin, whole) is None
        for whole, margin, part in wholes
    )
