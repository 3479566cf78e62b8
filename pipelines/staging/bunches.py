"""Which small submissions are read together. Pure functions of sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

Bunch = tuple[Path, ...]
"""Submissions that one worker reads together."""

MOST_BYTES = 1_000_000
"""Sealed, of all in a bunch: some 5,000 messages. More in memory at once saves nothing more."""

SHARES = 4
"""Bunches there are at least for each worker, so that none waits long for the last."""


def into_bunches(sizes: Sequence[tuple[Path, int]], workers: int = 1) -> Iterator[Bunch]:
    """The submissions of ``sizes`` (folder, sealed bytes), in their order, each in one bunch.

    A submission larger than a bunch may be is one alone.
    """
    total = sum(size for _, size in sizes)
    room = min(MOST_BYTES, total // (max(1, workers) * SHARES))
    bunch: list[Path] = []
    held = 0
    for folder, size in sizes:
        if bunch and held + size > room:
            yield tuple(bunch)
            bunch, held = [], 0
        bunch.append(folder)
        held += size
    if bunch:
        yield tuple(bunch)
