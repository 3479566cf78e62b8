"""Which force-months a comparison rests on."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.impact.panel import NEVER, Panel, make_panel, usable
from pipelines.impact.permutation import permutation_p
from pipelines.impact.reasons import CannotEstimateError, Reason
from tests.unit.impact.test_impact_regression import read_panel


def even(starts: dict[int, int], months: int, empty: tuple[int, ...] = ()) -> Panel:
    """Every force has 10 in 1,000 messages every month, ``empty`` ones nothing."""
    return make_panel(
        (force, month, start, 1000, 0 if force in empty else 10)
        for force, start in starts.items()
        for month in range(months)
    )


THREE_AND_THREE = {0: 3, 1: 4, 2: 4, 3: NEVER, 4: NEVER, 5: NEVER}

# starts, empty forces; then the forces and months left, or why none are
CASES = [
    (THREE_AND_THREE, (), ({0, 1, 2, 3, 4, 5}, 6)),
    ({**THREE_AND_THREE, 6: 2}, (), ({0, 1, 2, 3, 4, 5}, 6)),  # 6 has two months before
    ({**THREE_AND_THREE, 6: NEVER}, (6,), ({0, 1, 2, 3, 4, 5}, 6)),  # 6 has no rate
    ({**THREE_AND_THREE, 5: 4}, (), Reason.TRAINED_FORCES),  # two controls: no month after
    ({**THREE_AND_THREE, 2: NEVER}, (), Reason.TRAINED_FORCES),
    ({0: 4, 1: 4, 2: 4, 3: NEVER, 4: NEVER, 5: NEVER}, (), Reason.COHORTS),
]


@pytest.mark.parametrize(("starts", "empty", "expected"), CASES)
def test_usable(
    starts: dict[int, int], empty: tuple[int, ...], expected: tuple[set[int], int] | Reason
) -> None:
    panel = even(starts, 6, empty)
    if isinstance(expected, Reason):
        with pytest.raises(CannotEstimateError) as caught:
            usable(panel)
        assert caught.value.reason is expected
    else:
        found = usable(panel)
        assert ({*found.force.tolist()}, len({*found.month.tolist()})) == expected


def test_dealing_the_dates_out_again_gives_the_same_p_each_time() -> None:
    panel = usable(read_panel())
    assert permutation_p(panel, 99) == permutation_p(panel, 99)


def test_a_change_that_follows_the_dates_is_rare_among_dealt_ones() -> None:
    panel = usable(read_panel())
    planted = np.where(panel.treated, 0.8187, 1.0)  # exp(-0.2), in panel.csv
    assert permutation_p(panel) < 0.05 < permutation_p(panel.with_count(panel.count / planted))


def test_counts_that_never_depart_from_their_level_are_no_effect() -> None:
    assert permutation_p(even(THREE_AND_THREE, 6), 99) == 1.0
