"""Group submissions into batches named by ranges, so that no identifier leaves the inbox.

Airflow keeps what its tasks hand each other in its own database, where a withdrawal cannot reach
it. So a batch is not a list of submissions but a range of their (random) names, and its bounds are
no longer than it takes to tell two neighbours apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

OPEN = ""
"""As a range's end: no end."""


def plan_ranges(sizes: Mapping[str, int], target: int) -> list[list[str]]:
    """Ranges ``[first, end)`` of names, each of about ``target`` bytes: every name is in one.

    ``sizes`` are bytes by name. None where there is no submission.
    """
    firsts: list[str] = []
    previous, room = "", 0
    for name in sorted(sizes):
        if not firsts or room < sizes[name]:
            firsts.append(_bound(previous, name) if firsts else OPEN)
            room = target
        room -= sizes[name]
        previous = name
    return [list(ends) for ends in pairwise([*firsts, OPEN])]


def in_range(names: Iterable[str], first: str, end: str) -> list[str]:
    """The names of a range, in order."""
    return sorted(name for name in names if first <= name and (end == OPEN or name < end))


def _bound(before: str, after: str) -> str:
    """The shortest beginning of ``after`` that comes after ``before``."""
    return next(after[:n] for n in range(1, len(after) + 1) if after[:n] > before)
