"""Load staged shards: one transaction, and loading the same shard again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from typing import Any

import duckdb

from pipelines.duck import allow_shards, file_sha256, read_sql, transaction
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.shard import Shard, ShardError, find_shards
from pipelines.warehouse.ledger import record_load
from pipelines.warehouse.overlap import resolve_overlap


def load_staged(
    connection: duckdb.DuckDBPyConnection, settings: Settings, keys: Keys
) -> dict[str, int]:
    """Load every finished shard of the collection. See ``load_shards``."""
    return load_shards(connection, find_shards(settings.staged), keys)


def load_shards(
    connection: duckdb.DuckDBPyConnection, shards: Sequence[Shard], keys: Keys
) -> dict[str, int]:
    """Load what is not loaded yet, resolve overlaps and reconcile the ledger: all or nothing.

    A submission staged again with other models replaces its earlier rows. Returns counts. Raises
    ``ShardError`` naming the shard, ``LedgerError`` where rows were lost or doubled.
    """
    allow_shards(connection, keys.data)
    loaded = dict(connection.execute(read_sql("warehouse/loaded.sql")).fetchall())
    new = [shard for shard in shards if loaded.get(shard.submission_key) != shard.sha256]
    _check_one_each(shards)
    if new:
        with change_of_rows(connection):
            _replace_rows(connection, new)
    return {
        "shards_loaded": len(new),
        "shards_loaded_before": len(shards) - len(new),
        "rows_loaded": sum(shard.counts.staged for shard in new),
    }


@contextmanager
def change_of_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One transaction that changes messages: what overlaps and the ledger follow them, or nothing
    is changed.
    """
    with transaction(connection):
        yield
        resolve_overlap(connection)
        record_load(connection)


def _replace_rows(connection: duckdb.DuckDBPyConnection, shards: Sequence[Shard]) -> None:
    for shard in shards:
        connection.execute(read_sql("warehouse/insert_submission.sql"), _checked(connection, shard))
    submissions = [bytes.fromhex(shard.submission_key) for shard in shards]
    connection.execute(read_sql("warehouse/delete_messages.sql"), {"submissions": submissions})
    paths = [str(shard.path) for shard in shards]
    try:
        connection.execute(read_sql("warehouse/insert_messages.sql"), {"paths": paths})
    except (duckdb.DataError, duckdb.IntegrityError, duckdb.ProgrammingError):  # may quote a row
        raise ShardError(
            "The staged shards do not fit the warehouse's columns: delete them and stage their "
            "submissions again with this version."
        ) from None


def _checked(connection: duckdb.DuckDBPyConnection, shard: Shard) -> dict[str, Any]:
    """The submission a shard holds. Raises ``ShardError`` unless it is what its sidecar says."""
    if not shard.path.exists() or file_sha256(shard.path) != shard.file_sha256:
        raise _damaged(shard)
    try:
        found = connection.execute(
            read_sql("warehouse/read_shard.sql"), {"path": str(shard.path)}
        ).fetchall()
    except duckdb.Error:  # it could quote a row
        raise ShardError(
            f"{shard.path} does not open with the data key: use the key it was staged with."
        ) from None
    if len(found) != 1 or found[0][0] != shard.submission_key or found[0][5] != shard.counts.staged:
        raise _damaged(shard)
    _, submission_key, contributor_key, force_code, scope, _ = found[0]
    counts = shard.counts
    return {
        "submission_key": submission_key,
        "contributor_key": contributor_key,
        "force_code": force_code,
        "scope": scope,
        "received_at": shard.received_at.astimezone(UTC).replace(tzinfo=None),
        "shard": shard.sha256,
        "file_sha256": shard.file_sha256,
        "model_versions": shard.model_versions,
        "lines_in": counts.lines_in,
        "lines_in_messages": counts.lines_in_messages,
        "lines_rejected": sum(counts.rejected.values()),
        "messages": counts.messages,
        "system": counts.system,
        "other_members": counts.other_members,
        "staged": counts.staged,
        "unprocessed": counts.unprocessed,
        "other_language": counts.other_language,
    }


def _damaged(shard: Shard) -> ShardError:
    return ShardError(
        f"{shard.path} is missing, damaged or not what its sidecar says: delete both and stage "
        "the submission again."
    )


def _check_one_each(shards: Sequence[Shard]) -> None:
    seen: set[str] = set()
    for shard in shards:
        if shard.submission_key in seen:
            raise ShardError(f"{shard.path} is one of two shards of a submission: stage it again.")
        seen.add(shard.submission_key)
