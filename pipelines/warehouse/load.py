"""Load staged shards: one transaction, and loading the same shard again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from pipelines.duck import allow_shards, file_sha256, in_any_order, read_sql, transaction
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.shard import Shard, ShardError, find_shards
from pipelines.warehouse.ledger import record_load
from pipelines.warehouse.overlap import resolve_overlap

SUBMISSION_SCHEMA = pa.schema(
    [
        *((name, pa.binary()) for name in ("submission_key", "contributor_key")),
        *((name, pa.string()) for name in ("force_code", "scope", "shard", "file_sha256")),
        ("received_at", pa.timestamp("us")),
        ("model_versions", pa.map_(pa.string(), pa.string())),
        *(
            (name, pa.int64())
            for name in (
                *("lines_in", "lines_in_messages", "lines_rejected", "messages", "system"),
                *("other_members", "staged", "unprocessed", "other_language"),
            )
        ),
    ]
)


class Owner(NamedTuple):
    """Whose rows a shard holds, and how many. Keys are 16 bytes."""

    submission_key: bytes
    contributor_key: bytes
    force_code: str
    scope: str
    rows: int


Owners = dict[str, list[Owner]]
"""What is in each shard, by its path: one where it is sound."""


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
        with in_any_order(connection), change_of_rows(connection):
            _replace_rows(connection, new)
    return {
        "shards_loaded": len(new),
        "shards_loaded_before": len(shards) - len(new),
        "rows_loaded": sum(shard.counts.staged for shard in new),
    }


def record_files(connection: duckdb.DuckDBPyConnection, shards: Sequence[Shard]) -> None:
    """Record the files of shards that were written again; their rows are loaded already."""
    connection.execute(
        read_sql("warehouse/record_files.sql"),
        {
            "submissions": [bytes.fromhex(shard.submission_key) for shard in shards],
            "files": [shard.file_sha256 for shard in shards],
        },
    )


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
    owners = _owners(connection, shards)
    submissions = pa.Table.from_pylist(
        [_submission(shard, owners) for shard in shards], schema=SUBMISSION_SCHEMA
    )
    connection.register("staged_submission", submissions)
    connection.execute(read_sql("warehouse/insert_submissions.sql"))
    connection.unregister("staged_submission")
    keys = [bytes.fromhex(shard.submission_key) for shard in shards]
    connection.execute(read_sql("warehouse/delete_messages.sql"), {"submissions": keys})
    paths = [str(shard.path) for shard in shards]
    try:
        connection.execute(read_sql("warehouse/insert_messages.sql"), {"paths": paths})
    except (duckdb.DataError, duckdb.IntegrityError, duckdb.ProgrammingError):  # may quote a row
        raise ShardError(
            "The staged shards do not fit the warehouse's columns: delete them and stage their "
            "submissions again with this version."
        ) from None


def _owners(connection: duckdb.DuckDBPyConnection, shards: Sequence[Shard]) -> Owners:
    """What is in each shard, by its path. Raises ``ShardError`` for a file that is not the one
    staged, or that cannot be read.
    """
    for shard in shards:
        if not shard.path.exists() or file_sha256(shard.path) != shard.file_sha256:
            raise _damaged(shard)
    try:
        return _read_owners(connection, shards)
    except duckdb.Error:  # it could quote a row
        pass
    for shard in shards:  # which one it is
        try:
            _read_owners(connection, [shard])
        except duckdb.Error:
            break
    raise ShardError(
        f"{shard.path} does not open with the data key: use the key it was staged with."
    )


def _read_owners(connection: duckdb.DuckDBPyConnection, shards: Sequence[Shard]) -> Owners:
    paths = [str(shard.path) for shard in shards]
    rows = connection.execute(read_sql("warehouse/read_shards.sql"), {"paths": paths}).fetchall()
    owners: Owners = {path: [] for path in paths}
    for path, *owner in rows:
        owners[path].append(Owner(*owner))
    return owners


def _submission(shard: Shard, owners: Owners) -> dict[str, Any]:
    """The submission a shard holds. Raises ``ShardError`` unless it is what its sidecar says."""
    found = owners[str(shard.path)]
    if [(o.submission_key.hex(), o.rows) for o in found] != [
        (shard.submission_key, shard.counts.staged)
    ]:
        raise _damaged(shard)
    (owner,), counts = found, shard.counts
    return {
        "submission_key": owner.submission_key,
        "contributor_key": owner.contributor_key,
        "force_code": owner.force_code,
        "scope": owner.scope,
        "received_at": shard.received_at.astimezone(UTC).replace(tzinfo=None),
        "shard": shard.sha256,
        "file_sha256": shard.file_sha256,
        "model_versions": list(shard.model_versions.items()),
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
