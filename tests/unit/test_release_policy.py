"""Each rule of the release policy, at its edge: the last cell that passes, the first that fails."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.release.policy import (
    NOTHING,
    Reason,
    Support,
    WithheldError,
    check_can_leave,
    check_can_leave_shares,
    check_can_publish_challenge,
    check_can_publish_denominator,
    check_can_publish_numerator,
    check_can_publish_p_percent,
    check_can_publish_rate,
    check_can_publish_shares,
    check_can_restate,
    check_can_tell_part,
    together,
)

#                    messages people authors chats largest two_largest
PASSES = Support(     1000,    40,    40,     6,    60,     110)  # fmt: skip

DENOMINATORS = [
    # messages people authors chats largest two    reason
    (1000,     40,    40,     6,    60,     110,   None),
    (1000,     10,    10,     3,    500,    900,   None),
    (1000,     9,     40,     6,    60,     110,   Reason.CONTRIBUTORS),
    (1000,     40,    9,      6,    60,     110,   Reason.AUTHORS),
    (1000,     40,    40,     2,    60,     110,   Reason.CHATS),
    (100,      10,    10,     3,    11,     22,    None),
    (99,       10,    10,     3,    11,     22,    Reason.MESSAGES),
    (1000,     40,    40,     6,    501,    520,   Reason.LARGEST),
    (1000,     40,    40,     6,    460,    901,   Reason.NK),
    (0,        0,     0,      0,    0,      0,     Reason.CONTRIBUTORS),
]  # fmt: skip

NUMERATORS = [
    # flagged people authors chats largest two     reason
    (12,      10,    10,     1,    2,      4,      None),  # a part needs people, not chats
    (11,      10,    10,     3,    2,      4,      Reason.REST),  # 9 but for the largest
    (12,      9,     10,     3,    2,      4,      Reason.CONTRIBUTORS),
    (12,      10,    9,      3,    2,      4,      Reason.AUTHORS),
    (21,      11,    11,     3,    11,     12,     Reason.LARGEST),
    (100,     12,    12,     3,    46,     91,     Reason.NK),
    (0,       0,     0,      0,    0,      0,      Reason.CONTRIBUTORS),  # few, as 1 to 9 are
]  # fmt: skip


@pytest.mark.parametrize("row", DENOMINATORS)
def test_denominator(row: tuple[int, int, int, int, int, int, Reason | None]) -> None:
    *counts, expected = row
    assert reason(check_can_publish_denominator, Support(*counts)) == expected


@pytest.mark.parametrize("row", NUMERATORS)
def test_numerator(row: tuple[int, int, int, int, int, int, Reason | None]) -> None:
    *counts, expected = row
    assert reason(check_can_publish_numerator, Support(*counts)) == expected


def test_nearly_all_flagged_is_withheld_because_few_did_not() -> None:
    flagged = Support(990, 40, 40, 6, 60, 110)
    not_flagged = Support(10, 4, 4, 3, 3, 6)
    found = reason(check_can_publish_rate, flagged, not_flagged, PASSES)
    assert found == Reason.CONTRIBUTORS


def test_a_rate_needs_its_denominator() -> None:
    too_few = Support(1000, 9, 9, 6, 200, 400)
    assert reason(check_can_publish_rate, PASSES, PASSES, too_few) == Reason.CONTRIBUTORS


# What the challenged and the unchallenged messages stand on, of 1,000 of which most are not risky.
CHALLENGES = [
    # challenged   unchallenged      reason
    #  n   people  n    people
    (  20, 10,     180, 30,          None),
    (  20, 9,      180, 30,          Reason.CONTRIBUTORS),
    (  0,  0,      200, 30,          Reason.CONTRIBUTORS),  # 0%
    (  10, 10,     180, 30,          Reason.REST),
    (  180, 30,    20, 10,           None),
    (  180, 30,    20, 9,            Reason.CONTRIBUTORS),  # near 100%
    (  200, 30,    0,  0,            Reason.CONTRIBUTORS),  # 100%
]  # fmt: skip


@pytest.mark.parametrize("row", CHALLENGES)
def test_a_challenge_rate_needs_people_on_both_sides(
    row: tuple[int, int, int, int, Reason | None],
) -> None:
    challenged, who, unchallenged, others, expected = row
    parts = [
        Support(n, people, people, 3, min(n, 2), min(n, 4))
        for n, people in ((challenged, who), (unchallenged, others))
    ]
    assert reason(check_can_publish_challenge, *parts, PASSES, PASSES) == expected


def test_a_challenge_rate_needs_the_unflagged_and_the_denominator() -> None:
    few = Support(990, 9, 9, 6, 200, 400)
    assert reason(check_can_publish_challenge, PASSES, PASSES, few, PASSES) == Reason.CONTRIBUTORS
    assert reason(check_can_publish_challenge, PASSES, PASSES, PASSES, few) == Reason.CONTRIBUTORS


def test_a_part_of_risky_messages_may_be_told_where_it_passes_by_itself() -> None:
    few = Support(20, 9, 9, 6, 2, 4)
    assert reason(check_can_tell_part, PASSES, PASSES) is None
    assert reason(check_can_tell_part, few, PASSES) == Reason.CONTRIBUTORS
    assert reason(check_can_tell_part, PASSES, few) == Reason.CONTRIBUTORS


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=10, max_size=30))
def test_where_both_parts_of_risky_messages_pass_all_of_them_do(
    people: list[tuple[int, int]],
) -> None:
    """So the challenge rate needs no rule of its own for the whole it is a part of."""
    parts = [held(part) for part in zip(*people, strict=True)]
    assume(all(reason(check_can_publish_numerator, part) is None for part in parts))
    whole = held([challenged + unchallenged for challenged, unchallenged in people])
    assert reason(check_can_publish_numerator, whole) is None


def held(by_person: Sequence[int]) -> Support:
    """What stands behind so many messages a person."""
    most = sorted(by_person, reverse=True)
    people = sum(n > 0 for n in by_person)
    return Support(sum(most), people, people, 3, most[0], sum(most[:2]))


def test_a_habit_may_have_a_zero_where_its_denominator_passes() -> None:
    too_few = Support(1000, 9, 9, 6, 200, 400)
    assert reason(check_can_publish_shares, [PASSES, NOTHING], PASSES) is None
    assert reason(check_can_publish_shares, [NOTHING], too_few) == Reason.CONTRIBUTORS


def test_p_percent_protects_the_largest_from_the_second_largest() -> None:
    """Of 200 the largest has 100; the rest must be at least 10, 10% of it."""
    assert reason(check_can_publish_p_percent, Support(200, 12, 12, 4, 100, 190)) is None
    found = reason(check_can_publish_p_percent, Support(200, 12, 12, 4, 100, 191))
    assert found == Reason.P_PERCENT


def test_a_zero_left_by_subtraction_gives_every_force_in_it_away() -> None:
    assert reason(check_can_leave_shares, [NOTHING, PASSES], PASSES) == Reason.CONTRIBUTORS


@pytest.mark.parametrize(
    ("low", "high", "own", "hidden"),
    [
        (0, 10, 0, True),
        (0, 9, 0, False),  # narrower than 10
        (20, 40, 0, True),
        (21, 40, 0, False),  # narrower than half of the most it can be
        (21, 40, 2, True),  # to one who contributed two, it is of at most 38
    ],
)
def test_a_withheld_value_is_hidden(low: float, high: float, own: float, hidden: bool) -> None:
    assert (reason(check_can_leave, low, high, own) is None) == hidden


def test_the_reason_carries_no_count() -> None:
    with pytest.raises(WithheldError, match=r"^too_few_contributors$"):
        check_can_publish_denominator(Support(1000, 9, 9, 6, 200, 400))


def reason(check: object, *arguments: object) -> Reason | None:
    """What ``check`` withholds its arguments for."""
    try:
        check(*arguments)  # type: ignore[operator]
    except WithheldError as withheld:
        return withheld.reason
    return None


#                before: messages people largest two  after: messages people largest two
RESTATEMENTS = [
    ((600, 30, 20, 40), (600, 30, 20, 40), None),  # nothing changed
    ((600, 30, 20, 40), (600, 30, 35, 60), None),  # nor is anything to be seen here
    ((600, 30, 20, 40), (800, 40, 20, 40), None),  # ten came
    ((800, 40, 20, 40), (600, 30, 20, 40), None),  # ten withdrew
    ((600, 30, 20, 40), (780, 39, 20, 40), Reason.CHANGED),  # nine came
    ((600, 30, 20, 40), (580, 29, 20, 40), Reason.CHANGED),  # one withdrew
    ((600, 30, 20, 40), (610, 30, 20, 40), Reason.CHANGED),  # one came for one who left
    ((600, 30, 20, 40), (800, 39, 20, 40), Reason.CHANGED),  # ten came and one left: nine for sure
    ((600, 30, 20, 40), (600, 40, 20, 40), Reason.LARGEST),  # for ten who came a loud one left
    ((600, 30, 20, 40), (800, 40, 101, 120), Reason.LARGEST),  # one may be most of the change
    ((600, 30, 91, 110), (800, 40, 90, 110), Reason.NK),  # or one who left and one who came
    ((0, 0, 0, 0), (12, 12, 1, 2), None),  # a force nobody had joined
    ((0, 0, 0, 0), (9, 9, 1, 2), Reason.CHANGED),
]


@pytest.mark.parametrize("row", RESTATEMENTS)
def test_restatement(
    row: tuple[tuple[int, int, int, int], tuple[int, int, int, int], Reason | None],
) -> None:
    before, after = (Support(m, people, people, 6, one, two) for m, people, one, two in row[:2])
    assert reason(check_can_restate, before, after) == row[2]


def test_together_their_people_may_be_the_same() -> None:
    parts = [Support(100, 12, 13, 4, 20, 35), Support(50, 10, 15, 2, 9, 16)]
    assert together(parts) == Support(150, 12, 15, 4, 29, 51)
    assert together([]) == NOTHING
