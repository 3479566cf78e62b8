"""Which submissions are read together: sizes in, bunches out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.staging.bunches import MOST_BYTES, into_bunches

BIG = MOST_BYTES


@pytest.mark.parametrize(
    ("sizes", "workers", "bunches"),
    [
        ([], 2, []),
        ([5], 2, [[5]]),
        ([9, 1], 1, [[9], [1]]),  # few and small: each worker has some all the same
        ([1] * 8, 1, [[1, 1]] * 4),
        ([1] * 8, 2, [[1]] * 8),
        ([3 * BIG, BIG, BIG // 2, BIG // 2, 1], 1, [[3 * BIG], [BIG], [BIG // 2] * 2, [1]]),
        ([0, 0], 2, [[0, 0]]),  # gone in the meantime
    ],
)
def test_bunches(sizes: list[int], workers: int, bunches: list[list[int]]) -> None:
    given = [(Path(str(number)), size) for number, size in enumerate(sizes)]
    found = list(into_bunches(given, workers))
    assert [folder for bunch in found for folder in bunch] == [folder for folder, _ in given]
    assert [[sizes[int(folder.name)] for folder in bunch] for bunch in found] == bunches
