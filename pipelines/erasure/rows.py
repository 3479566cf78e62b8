"""What of a submission lies in the warehouse: rows of every table keyed by it or its volunteer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb

from pipelines.duck import read_sql
from pipelines.erasure.request import Request, save_request
from pipelines.errors import QuarantineError
from pipelines.intake.inbox import pending, quarantined
from pipelines.intake.manifest import read_manifest
from pipelines.intake.source import MANIFEST
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.rows import contributor_key
from pipelines.warehouse.compact import compact
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.load import change_of_rows
from pipelines.warehouse.marts import build_marts

ROWS = "rows of "
SUBMISSION, CONTRIBUTOR = "submission_key", "contributor_key"
SUBMISSIONS = f"{ROWS}core.submission"


def erase_rows(requests: Sequence[Request], settings: Settings, keys: Keys) -> list[Request]:
    """Delete the submissions' rows, work out overlaps, ledger and marts afresh from what is left,
    and rewrite the file. The requests, with what was found.

    What the withdrawn export counted and another volunteer's holds too now counts from there.
    Raises ``CallerError`` where another process has the warehouse; nothing is deleted then.
    """
    if not settings.warehouse.exists():
        return list(requests)
    with open_warehouse(settings.warehouse, keys.data) as connection:
        looked = [_look(connection, request, settings, keys) for request in requests]
        _delete(connection, looked)
        build_marts(connection)
    compact(settings.warehouse, keys.data)
    return looked


def _look(
    connection: duckdb.DuckDBPyConnection, request: Request, settings: Settings, keys: Keys
) -> Request:
    """Whose it is, and how many rows of each table are to go; on disk before any does."""
    whose = request.contributor_key or _contributor(connection, request)
    last = whose is not None and not (
        _others_loaded(connection, whose, request) or _others_waiting(whose, settings, keys)
    )
    request = replace(request, contributor_key=whose, last_of_contributor=last)
    counts = {
        ROWS + name: _one(connection.execute(count, {"key": key}).fetchone())
        for name, count, _, key in _keyed_tables(connection, request)
        if not name.startswith("mart.")  # built afresh, and their rows are not the volunteer's own
    }
    request = request.found(counts)
    save_request(request, settings)
    return request


def _delete(connection: duckdb.DuckDBPyConnection, requests: Sequence[Request]) -> None:
    with change_of_rows(connection):
        for request in requests:
            for _, _, delete, key in _keyed_tables(connection, request):
                connection.execute(delete, {"key": key})


def _keyed_tables(
    connection: duckdb.DuckDBPyConnection, request: Request
) -> list[tuple[str, str, str, bytes]]:
    """(table, statement that counts, statement that deletes, key), as the schema is now."""
    keys = {SUBMISSION: bytes.fromhex(request.submission_key)}
    if request.last_of_contributor and request.contributor_key:
        keys[CONTRIBUTOR] = bytes.fromhex(request.contributor_key)
    find = read_sql("erasure/keyed_tables.sql")
    found = {
        name: (name, count, delete, key)
        for column, key in reversed(keys.items())
        for name, count, delete in connection.execute(find, {"column": column}).fetchall()
    }  # a table with both: by submission
    return list(found.values())


def _contributor(connection: duckdb.DuckDBPyConnection, request: Request) -> str | None:
    row = connection.execute(
        read_sql("erasure/contributor.sql"),
        {"submission_key": bytes.fromhex(request.submission_key)},
    ).fetchone()
    return None if row is None else bytes(row[0]).hex()


def _others_loaded(connection: duckdb.DuckDBPyConnection, whose: str, request: Request) -> int:
    return _one(
        connection.execute(
            read_sql("erasure/count_contributor.sql"),
            {
                "contributor_key": bytes.fromhex(whose),
                "submission_key": bytes.fromhex(request.submission_key),
            },
        ).fetchone()
    )


def _others_waiting(whose: str, settings: Settings, keys: Keys) -> bool:
    """Whether the inbox or quarantine holds another submission of theirs."""
    for folder in (*pending(settings), *quarantined(settings)):
        try:
            manifest = read_manifest((folder / MANIFEST).read_bytes())
        except (QuarantineError, FileNotFoundError):
            continue
        if contributor_key(manifest.contributor, keys).hex() == whose:
            return True
    return False


def _one(row: Any) -> int:
    return int(row[0])
