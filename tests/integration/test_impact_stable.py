"""Who contributed throughout, and what followed training among them: invented forces, no chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import pytest

from pipelines.impact.report import Told, findings
from pipelines.impact.stable import read_stable
from pipelines.impact.warehouse import WEEKENDS, read_collection
from pipelines.prevalence.method import Basis, Method
from pipelines.prevalence.rates import ErrorRates
from tests.impact_marts import build_impact_marts

MONTHS = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]
TRAINED = {
    "E23000001": "2025-01", "E23000002": "2025-01",
    "E23000003": "2025-05", "E23000004": "2025-05",
}  # fmt: skip
NEVER = ("E23000005", "E23000006", "E23000007", "E23000008")
METHODS = {"OPS": Method(ErrorRates(400, 400, 0, 4000), Basis.CALIBRATED, 0.1, 1.0)}
MESSAGES = 200  # of everybody, every month
OFTEN, SELDOM = 60, 20  # of those, flagged

# a quarter of everybody's messages
AT_WEEKENDS = """
INSERT INTO mart.habit_contribution
SELECT contributor_key, author_key, chat_key, force_code, month, 'weekday',
       unnest(['2', '7']), unnest([150, 50])
FROM mart.contribution WHERE category = 'ANY'
"""

Row = tuple[str, str, str, int]
"""Force, month, who, and flagged messages."""


def fill(con: duckdb.DuckDBPyConnection, rows: Iterable[Row], trained: dict[str, str]) -> None:
    """The marts of these contributors, in five chats a force."""
    made = [
        (who.encode(), f"{force}/{number % 5}".encode(), force, f"{month}-01", category, n)
        for number, (force, month, who, n) in enumerate(rows)
        for category in ("ANY", "OPS")
    ]
    con.execute(
        "INSERT INTO mart.contribution SELECT unnest($1), unnest($1), unnest($2), unnest($3), "
        f"unnest($4)::DATE, unnest($5), {MESSAGES}, unnest($6), 0, 0",
        [list(column) for column in zip(*made, strict=True)],
    )
    con.execute(AT_WEEKENDS)
    build_impact_marts(con, trained)


def teams(stay: int, come_and_go: int, after: int) -> Iterator[Row]:
    """In each force and month ``stay`` who are seldom flagged, and ``come_and_go`` others.

    Those are often flagged. With the year, or a month after training, they are other people: as
    often flagged where there is no training, ``after`` times where there is.
    """
    for force in (*TRAINED, *NEVER):
        turn = TRAINED.get(force, "2024-12")
        for month in MONTHS:
            gone = month > turn
            then = after if force in TRAINED and gone else OFTEN
            for person in range(stay):
                yield force, month, f"{force} stays {person}", SELDOM
            for person in range(come_and_go):
                yield force, month, f"{force} {'came' if gone else 'went'} {person}", then


def told(con: duckdb.DuckDBPyConnection, outcome: str = "OPS") -> tuple[float | None, Told]:
    """The overall ratio, and that of stable contributors."""
    found = {one.outcome: one for one in findings(read_collection(con, MONTHS[-1]), METHODS)}
    return found[outcome].ratios["1-12"].ratio, found[outcome].stable_contributors


def test_where_only_who_uploads_changes_the_ratio_of_the_stable_is_1(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    fill(warehouse, teams(15, 15, after=SELDOM), TRAINED)
    everybody, stable = told(warehouse)
    assert everybody == 0.5  # 20 of 200, and 40 of 200 before
    assert (stable.ratio, stable.missing) == (1.0, "")
    assert stable.low is not None and stable.high is not None
    assert 0.95 <= stable.low <= stable.high <= 1.05
    assert told(warehouse, WEEKENDS) == (1.0, Told(1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("stay", "come_and_go", "why"),
    [
        (15, 9, "too few trained forces among other contributors"),
        (15, 0, "too few trained forces among other contributors"),
        (9, 15, "too few trained forces"),
    ],
)
def test_either_group_too_small_is_not_enough_data(
    warehouse: duckdb.DuckDBPyConnection, stay: int, come_and_go: int, why: str
) -> None:
    fill(warehouse, teams(stay, come_and_go, after=SELDOM), TRAINED)
    everybody, stable = told(warehouse)
    assert everybody is not None
    assert stable == Told(missing=why)


def test_where_all_are_too_few_so_are_the_stable(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(warehouse, teams(15, 15, after=SELDOM), {"E23000001": "2025-01"})
    everybody, stable = told(warehouse)
    assert (everybody, stable) == (None, Told(missing="too few trained forces"))


# the first and the last training with three months on either side, and two without
CALENDAR = {
    "E23000001": "2025-02", "E23000002": "2025-05", "E23000003": "2024-02", "E23000004": "2025-11",
}  # fmt: skip
# who, and the months they wrote in; then whether they are stable: whatever force it is
CONTRIBUTORS = [
    ("three each", "2024-01 2024-12 2025-01 2025-06 2025-07 2025-12", True),
    ("two before", "2024-12 2025-01 2025-02 2025-06 2025-07 2025-08", False),
    ("two after", "2024-01 2024-02 2024-03 2025-05 2025-06 2025-07", False),
    ("between", "2025-02 2025-03 2025-04 2025-05", False),
    ("one side", "2024-01 2024-02 2024-03 2024-04 2024-11 2024-12", False),
]


def test_stable_is_who_wrote_in_three_months_of_either_side_in_any_force(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    forces = (*CALENDAR, NEVER[0])
    crowd = [(f, m, f"{f} {n}", SELDOM) for f in forces for m in MONTHS for n in range(12)]
    few = [
        (f, m, who, SELDOM) for f in forces for who, when, _ in CONTRIBUTORS for m in when.split()
    ]
    fill(warehouse, crowd + few, CALENDAR)
    read_stable(read_collection(warehouse, MONTHS[-1]))
    found = warehouse.execute(
        "SELECT DISTINCT contributor_key, left(force_code, 9) FROM release_part "
        "WHERE suffix(force_code, ' stable') ORDER BY ALL"
    ).fetchall()
    for who, _, stable in CONTRIBUTORS:
        where = [force for key, force in found if key == who.encode()]
        assert where == (list(forces) if stable else []), who


def test_everybody_is_in_one_group_in_each_month_compared(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    fill(warehouse, teams(15, 15, after=SELDOM), TRAINED)
    read_stable(read_collection(warehouse, MONTHS[-1]))
    everybody, groups = (
        warehouse.execute(
            "SELECT left(force_code, 9), month, value, sum(messages) FROM release_part "
            f"WHERE split = 'OPS' AND len(force_code) {length} 9 GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        for length in ("=", ">")
    )
    assert everybody == groups
