"""Between which months stable contributors wrote, and who is left beside them: small tables."""

from __future__ import annotations

import pytest

from pipelines.impact.panel import NEVER
from pipelines.impact.stable import others_of, trained_span

# the month each force's training began in, of twelve months; then the first and the last that count
CASES = [
    ([3, 5, 8, NEVER], (3, 8)),
    ([5, NEVER], (5, 5)),
    # three months before the first, and three after the last
    ([2, 4, 6, 9], (4, 6)),
    ([-4, 2, 9, 14], None),
    ([NEVER], None),
    ([], None),
]


@pytest.mark.parametrize(("starts", "expected"), CASES)
def test_first_and_last_training_with_months_on_both_sides(
    starts: list[int], expected: tuple[int, int] | None
) -> None:
    assert trained_span(starts, months=12) == expected


def test_in_months_whose_stable_are_not_told_of_everybody_is_left() -> None:
    pool = frozenset({("2026-01", "a"), ("2026-02", "a")})
    told = frozenset({("2026-01", "a stable"), ("2026-02", "b stable")})
    assert others_of(pool, told) == {("2026-01", "a others"), ("2026-02", "a")}
