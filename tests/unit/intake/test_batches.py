"""Batches are ranges of names: each submission is in one, and no range names a submission."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.batches import in_range, plan_ranges

SIZES = st.dictionaries(st.uuids().map(str), st.integers(0, 100), max_size=60)


@pytest.mark.parametrize(
    ("sizes", "target", "ranges"),
    [
        ({}, 10, []),
        ({"a": 25}, 10, [["", ""]]),
        ({"abc": 6, "abd": 4, "b": 1}, 10, [["", "b"], ["b", ""]]),
        ({"abc": 6, "abd": 5, "b": 5}, 10, [["", "abd"], ["abd", ""]]),
        ({"abc-1": 9, "abd-2": 9}, 10, [["", "abd"], ["abd", ""]]),
    ],
)
def test_small_collections(sizes: dict[str, int], target: int, ranges: list[list[str]]) -> None:
    assert plan_ranges(sizes, target) == ranges


@given(SIZES, st.integers(1, 300))
def test_every_submission_is_in_one_batch_of_the_size_asked(
    sizes: dict[str, int], target: int
) -> None:
    batches = [in_range(sizes, *ends) for ends in plan_ranges(sizes, target)]
    assert [name for batch in batches for name in batch] == sorted(sizes)
    assert all(len(batch) == 1 or sum(map(sizes.get, batch)) <= target for batch in batches)


@given(SIZES, st.integers(1, 300), st.uuids().map(str))
def test_one_that_arrives_after_the_plan_is_in_one_batch_too(
    sizes: dict[str, int], target: int, late: str
) -> None:
    plan = plan_ranges({**sizes, str(UUID(int=0)): 1}, target)
    assert sum(in_range([late], *ends) == [late] for ends in plan) == 1


@given(SIZES, st.integers(1, 300))
def test_a_bound_is_no_longer_than_telling_neighbours_apart_takes(
    sizes: dict[str, int], target: int
) -> None:
    names = sorted(sizes)
    for _, bound in plan_ranges(sizes, target)[:-1]:
        sharing = [name for name in names if name.startswith(bound[:-1])]
        assert len(sharing) > 1
