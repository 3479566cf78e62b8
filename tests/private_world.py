"""The one table that private series are made from, filled contributor by contributor."""

from __future__ import annotations

import duckdb


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
        rows = [
            (name.encode(), "2026-01-05", ["DISC"] if n < flagged else [], None)
            for n in range(count)
        ]
        rows += [(name.encode(), "2026-01-05", [], "other_language")] * unclassified
        con.executemany("INSERT INTO core.message VALUES (?, ?, ?, ?)", rows)
    return con
