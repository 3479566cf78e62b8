"""The one table that private series are made from, and a private release made of it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.release.audit.run import audit_draft
from pipelines.release.private_release import build_private_release
from pipelines.release.publish import publish
from pipelines.report.derived import draw
from pipelines.settings import Approval, Settings

MONTHS = ("2026-01", "2026-02", "2026-04")  # March is never run


ADD = """
INSERT INTO core.message
SELECT ?, DATE '2026-01-05', if(n < ?, ['DISC'], []), NULL FROM range(?) AS r(n)
"""
ADD_UNCLASSIFIED = """
INSERT INTO core.message SELECT ?, DATE '2026-01-05', [], 'other_language' FROM range(?)
"""


def messages(*people: tuple[str, int, int], unclassified: int = 0) -> duckdb.DuckDBPyConnection:
    """(contributor, messages, of which flagged DISC) in January; each has ``unclassified`` more."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA core")
    con.execute(
        "CREATE TABLE core.message (contributor_key BLOB, sent_on DATE, flags VARCHAR[], "
        "unclassified VARCHAR)"
    )
    con.execute("CREATE TABLE core.privacy_line (line INTEGER PRIMARY KEY, sha256 VARCHAR)")
    for name, count, flagged in people:
        con.execute(ADD, [name.encode(), flagged, count])
        con.execute(ADD_UNCLASSIFIED, [name.encode(), unclassified])
    return con


def make_private_release(home: Path) -> Path:
    """April's release, really drawn by OpenDP, with its site and report; two came before it."""
    settings = Settings(
        home=home, approval=Approval.NONE, private_rho_per_month=0.25, private_rho_total=1.0
    )
    con = messages(*((f"c{n}", 100, 3) for n in range(200)))
    for month in MONTHS:
        draft = build_private_release(con, month, settings)
        audit_draft(draft, con, settings)
        if month == MONTHS[-1]:
            draw(draft)
        folder = publish(draft, settings)
    return folder
