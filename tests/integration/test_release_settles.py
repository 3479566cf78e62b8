"""A table of which no pool of withheld cells may be left, however they are chosen."""

from __future__ import annotations

import duckdb

from pipelines.release.audit.run import audit_draft
from pipelines.release.build import build_release
from pipelines.release.places import NATIONAL
from pipelines.release.rows import HabitRow, read_rows
from pipelines.settings import Settings
from tests.marts import make_marts, team

MONTH = "2026-01"
MANY = [f"E230000{number:02}" for number in range(1, 15)]
FEW_OF_A_SIZE = MANY[4]

NOBODY_IN_LARGE_CHATS = """
UPDATE mart.habit_contribution SET value = '10-29' WHERE habit = 'group_size' AND value = '30+'
"""
THREE_IN_SMALL_ONES = """
UPDATE mart.habit_contribution SET value = '10-29'
WHERE habit = 'group_size' AND value = '3-9' AND force_code = ?
    AND contributor_key NOT IN (
        SELECT DISTINCT contributor_key FROM mart.habit_contribution WHERE force_code = ?
        ORDER BY contributor_key LIMIT 3
    )
"""


def collection() -> duckdb.DuckDBPyConnection:
    """Fourteen forces: in no chat of any were 30 people, and of one force three in a small one."""
    con = make_marts([person for force in MANY for person in team(force, MONTH, 12, 20)])
    con.execute(NOBODY_IN_LARGE_CHATS)
    con.execute(THREE_IN_SMALL_ONES, [FEW_OF_A_SIZE] * 2)
    return con


def test_where_no_pool_may_be_left_the_sum_is_withheld_and_the_month_goes_out(
    settings: Settings,
) -> None:
    """Nobody wrote in a chat of 30, so a pool of withheld forces would tell that of each of them.

    One force is withheld for its three: whichever others were withheld with it, England and Wales
    less the rest would leave such a pool. So England and Wales is withheld, and no other force.
    """
    con = collection()
    draft = build_release(con, MONTH, settings)
    audit_draft(draft, con, settings)
    rows = [row for row in read_rows(draft, HabitRow) if row.habit == "group_size"]
    told = {row.force_code for row in rows if row.estimate_per_1000 is not None}
    assert told == {*MANY} - {FEW_OF_A_SIZE}
    assert NATIONAL not in told
