"""How many messages are drawn from each stratum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import CallerError
from pipelines.label.design import FEWEST, REST, WORDLESS, allocate


@pytest.mark.parametrize(
    ("sizes", "size", "drawn"),
    [
        # half for the rest, the other half alike
        ({"DISC 1": 90, "SEXM 3": 90, REST: 900}, 40, {"DISC 1": 10, "SEXM 3": 10, REST: 20}),
        # a small stratum is drawn whole and leaves its part to the others
        ({"DISC 1": 3, "SEXM 3": 90, REST: 900}, 40, {"DISC 1": 3, "SEXM 3": 17, REST: 20}),
        # what the likely strata cannot fill goes to the rest, and the reverse
        ({"DISC 1": 3, REST: 900}, 40, {"DISC 1": 3, REST: 37}),
        ({"DISC 1": 90, REST: 5}, 40, {"DISC 1": 35, REST: 5}),
        # nothing without words is drawn; nor more than there is
        ({"DISC 1": 4, REST: 6, WORDLESS: 100}, 40, {"DISC 1": 4, REST: 6, WORDLESS: 0}),
        ({REST: 900}, 40, {REST: 40}),
        ({"DISC 1": 900}, 40, {"DISC 1": 40}),
    ],
)
def test_allocation(sizes: dict[str, int], size: int, drawn: dict[str, int]) -> None:
    assert allocate(sizes, size) == drawn


def test_too_small_a_sample_is_refused_with_the_least_that_would_do() -> None:
    sizes = {f"DISC {band}": 90 for band in (1, 2, 3)} | {REST: 900}
    with pytest.raises(CallerError, match="--size 11 is too few for 4 strata: ask for 12 or more"):
        allocate(sizes, 11)
    assert allocate(sizes, 12) == {"DISC 1": 2, "DISC 2": 2, "DISC 3": 2, REST: 6}


@given(
    st.dictionaries(
        st.sampled_from(["DISC 1", "DISC 2", "SEXM 1", "OPS 3", "SPUP 2", REST]),
        st.integers(1, 500),
        min_size=1,
    ),
    st.integers(20, 600),
)
def test_all_that_was_asked_for_is_drawn_and_no_stratum_left_out(
    sizes: dict[str, int], size: int
) -> None:
    drawn = allocate(sizes, size)
    assert sum(drawn.values()) == min(size, sum(sizes.values()))
    assert all(min(sizes[s], FEWEST) <= drawn[s] <= sizes[s] for s in sizes)
