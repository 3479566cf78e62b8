"""Whether a figure that was made again is the one that was published."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.release.rows import DECIMALS

TOLERANCE = 1.5 * 10**-DECIMALS  # the last digit: another machine may round it otherwise


def are_close(said: Sequence[float | None], made: Sequence[float | None]) -> bool:
    """Whether figures are the same to their last digit."""
    return all(
        one == other or (one is not None and other is not None and abs(one - other) <= TOLERANCE)
        for one, other in zip(said, made, strict=True)
    )
