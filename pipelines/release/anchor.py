"""What private series have spent, remembered where the data is: in the encrypted warehouse.

The ledger of the budget is a file. Were it lost before anything was published, nobody would miss
it, and the budget would start anew. Nothing is drawn without the warehouse, so that remembers.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.errors import CallerError, GateError
from pipelines.release.basis import BESIDE_PRIVATE
from pipelines.release.budget import spending
from pipelines.release.cells import read_sql


def check_anchored(con: duckdb.DuckDBPyConnection, ledger: Path) -> None:
    """Raise ``GateError`` unless the ledger holds every line that the warehouse remembers.

    One that goes on further is sound: a run stopped after paying, or the warehouse is a backup.
    """
    known, there = _known(con), _lines(ledger)
    if there[: len(known)] != known:
        raise GateError(
            f"The privacy ledger {ledger} is not the one that this collection's budget was spent "
            f"from: of {len(known)} spendings on record in the warehouse it lacks some, or all. "
            "Restore it from a copy. Nothing was drawn."
        )


def anchor(con: duckdb.DuckDBPyConnection, ledger: Path) -> None:
    """Remember every line of the ledger in the warehouse."""
    known, there = _known(con), _lines(ledger)
    for number, sha256 in enumerate(there[len(known) :], start=len(known) + 1):
        con.execute(read_sql("anchor"), [number, sha256])


def check_nothing_spent(con: duckdb.DuckDBPyConnection) -> None:
    """Raise ``CallerError`` where a private series was ever drawn, whatever became of its ledger:
    then there are no exact figures.
    """
    if _known(con):
        raise CallerError(BESIDE_PRIVATE)


def _known(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [sha256 for (sha256,) in con.execute(read_sql("anchored")).fetchall()]


def _lines(ledger: Path) -> list[str]:
    return [str(entry["sha256"]) for entry in spending(ledger)]
