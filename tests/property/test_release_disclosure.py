"""Random collections, decided for real in DuckDB, attacked with nothing but arithmetic.

The attacker's and the policy's numbers are worked out here from the people themselves, not with
the code that decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.release import cells
from pipelines.release.cells import MESSAGES, NATIONAL, Table
from pipelines.release.disclosure import Outcome, decide, recheck
from pipelines.release.figures import trend_rows
from pipelines.release.ledger import make_ledger
from tests.marts import CATEGORIES, Person, make_marts, team

FORCES = ["E23000001", "E23000002", "E23000003", "E23000004", "E23000005"]
MONTH = "2026-01"


@st.composite
def collections(draw: st.DrawFn) -> list[Person]:
    """Five forces of 0 to 40 people, some with one dominant person, some with few flags."""
    people: list[Person] = []
    for force in FORCES:
        size = draw(st.integers(0, 40))
        flagged = {c: draw(st.integers(0, size)) for c in CATEGORIES}
        people += team(force, MONTH, size, draw(st.integers(1, 20)), flagged)
        if draw(st.booleans()):
            messages = draw(st.integers(1, 900))
            flags = {c: draw(st.integers(0, messages)) for c in CATEGORIES}
            people.append(Person(force, MONTH, f"{force}-loud", messages, flags))
    return people


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(collections())
def test_nothing_below_the_thresholds_goes_out_or_can_be_subtracted(people: list[Person]) -> None:
    con = make_marts(people)
    cells.prepare(con)
    values = cells.splits(con)
    outcome = decide(con, [MONTH], FORCES, values)

    for category in (None, *CATEGORIES):
        published, national = what_goes_out(outcome, category)
        for force in published:
            assert is_safe([p for p in people if p.force == force], category)
        if national:
            assert is_safe(people, category)
            rest = [p for p in people if p.force not in published]
            if rest:
                assert len({p.force for p in rest}) >= 2
                assert is_safe(rest, category)
                assert category is None or flagged(rest, category) > 0

    rows = list(trend_rows(outcome, [MONTH], FORCES, values))
    assert len(rows) == (1 + len(FORCES)) * len([s for s in values if s in CATEGORIES])
    for row in rows:
        published, national = what_goes_out(outcome, row.category)
        shown = national if row.force_code == NATIONAL else row.force_code in published
        assert (row.estimate_per_1000 is not None) == shown
        assert row.messages is None or row.messages % 5 == 0

    ledger = make_ledger(cells.messages_by_month(con), [MONTH], outcome)
    assert ledger.messages == sum(p.messages for p in people)
    assert recheck(con, outcome, values)["cells"] == sum(
        len(decision.published) for decision in outcome.decisions.values()
    )


def what_goes_out(outcome: Outcome, category: str | None) -> tuple[frozenset[str], bool]:
    """Forces, and whether the national figure, published for a category (``None``: messages)."""
    decision = outcome.decisions.get(Table(MONTH, category or MESSAGES))
    if decision is None:
        return frozenset(), False
    return decision.published, decision.national_published


def is_safe(people: list[Person], category: str | None) -> bool:
    """The policy, written again from issue to arithmetic."""
    everyone = {(p.force, p.name): p.messages for p in people}
    if len({(p.force, p.chat) for p in people}) < 3 or sum(everyone.values()) < 100:
        return False
    splits = [list(everyone.values())]
    if category:
        yes = [p.flagged.get(category, 0) for p in people]
        no = [p.messages - n for p, n in zip(people, yes, strict=True)]
        splits += [[n for n in yes if n], [n for n in no if n]]
    return all(enough(split) for split in splits if split)


def enough(counts: Iterable[int]) -> bool:
    held = sorted(counts, reverse=True)
    total, two = sum(held), sum(held[:2])
    return (
        len(held) >= 10
        and held[0] <= 0.5 * total
        and two <= 0.9 * total
        and total - two >= 0.1 * held[0]
    )


def flagged(people: Iterable[Person], category: str) -> int:
    return sum(Counter({p.name: p.flagged.get(category, 0) for p in people}).values())
