"""Each rule of the release policy, at its edge: the last cell that passes, the first that fails."""

from __future__ import annotations

import pytest

from pipelines.release.policy import (
    NOTHING,
    Reason,
    Support,
    WithheldError,
    check_can_publish_denominator,
    check_can_publish_p_percent,
    check_can_publish_part,
    check_can_publish_split,
    check_remainder_hides,
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

PARTS = [
    # flagged people authors chats largest two     reason
    (12,      10,    10,     1,    2,      4,      None),  # a part needs people, not chats
    (12,      9,     10,     3,    2,      4,      Reason.CONTRIBUTORS),
    (12,      10,    9,      3,    2,      4,      Reason.AUTHORS),
    (21,      11,    11,     3,    11,     12,     Reason.LARGEST),
    (100,     12,    12,     3,    46,     91,     Reason.NK),
    (0,       0,     0,      0,    0,      0,      None),  # zero, and the denominator passes
]  # fmt: skip


@pytest.mark.parametrize("row", DENOMINATORS)
def test_denominator(row: tuple[int, int, int, int, int, int, Reason | None]) -> None:
    *counts, expected = row
    assert reason(check_can_publish_denominator, Support(*counts)) == expected


@pytest.mark.parametrize("row", PARTS)
def test_part_of_a_passing_denominator(row: tuple[int, int, int, int, int, int, Reason]) -> None:
    *counts, expected = row
    assert reason(check_can_publish_part, Support(*counts), PASSES) == expected


def test_zero_is_withheld_where_the_denominator_fails() -> None:
    too_few = Support(1000, 9, 9, 6, 200, 400)
    assert reason(check_can_publish_part, NOTHING, too_few) == Reason.CONTRIBUTORS


def test_nearly_all_flagged_is_withheld_because_few_did_not() -> None:
    flagged = Support(990, 40, 40, 6, 60, 110)
    not_flagged = Support(10, 4, 4, 3, 3, 6)
    assert reason(check_can_publish_split, [flagged, not_flagged], PASSES) == Reason.CONTRIBUTORS


def test_p_percent_protects_the_largest_from_the_second_largest() -> None:
    """Of 200 the largest has 100; the rest must be at least 10, 10% of it."""
    assert reason(check_can_publish_p_percent, Support(200, 12, 12, 4, 100, 190)) is None
    found = reason(check_can_publish_p_percent, Support(200, 12, 12, 4, 100, 191))
    assert found == Reason.P_PERCENT


def test_a_remainder_of_one_force_is_that_force() -> None:
    assert reason(check_remainder_hides, 1, [PASSES]) == Reason.COMPLEMENTARY
    assert reason(check_remainder_hides, 2, [PASSES]) is None


def test_a_remainder_of_zero_gives_every_force_in_it_away() -> None:
    assert reason(check_remainder_hides, 3, [NOTHING, PASSES]) == Reason.COMPLEMENTARY


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
