"""Write a submission's rows as one encrypted Parquet shard, once and whole, with its sidecar.

Encryption is randomised, so a shard is named after its rows and not its bytes:
``<submission>-<SHA-256 of the rows>.parquet``. The sidecar beside it (``.json``: counts, hashes,
versions) is written last: a shard without one is unfinished, and is written again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.duck import file_sha256, read_sql
from pipelines.errors import CandourError
from pipelines.staging.counts import StageCounts
from pipelines.staging.schema import STAGED_SCHEMA, StagedRow


class ShardError(CandourError):
    """A shard that is missing, damaged or not what its sidecar says."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One staged submission. ``sha256`` is of the rows as they were staged, ``file_sha256`` of the
    encrypted file. ``text_dropped`` says that its texts' retention has run out.
    """

    path: Path
    sha256: str
    file_sha256: str
    submission_key: str
    received_at: datetime
    model_versions: dict[str, str]
    counts: StageCounts
    text_dropped: bool = False


def write_shard(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    rows: Sequence[StagedRow],
    counts: StageCounts,
    submission_key: str,
    received_at: datetime,
    versions: dict[str, str],
) -> Shard:
    """``add_shard``, and drop what an earlier version of the models left in ``folder``."""
    shard = add_shard(connection, folder, rows, counts, submission_key, received_at, versions)
    remove_superseded([shard])
    return shard


def add_shard(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    rows: Sequence[StagedRow],
    counts: StageCounts,
    submission_key: str,
    received_at: datetime,
    versions: dict[str, str],
) -> Shard:
    """Write the shard in ``folder``, beside what an earlier version of the models left there.

    ``connection`` comes from ``duck.open_memory``. Rows already staged are left as they are.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = rows_sha256(rows)
    path = folder / f"{submission_key}-{digest}.parquet"
    if not sidecar(path).exists():
        _write_parquet(connection, path, rows)
        hashes = (digest, file_sha256(path))
        write_sidecar(Shard(path, *hashes, submission_key, received_at, versions, counts))
    return read_sidecar(sidecar(path))


def rows_sha256(rows: Iterable[StagedRow]) -> str:
    """SHA-256 of the rows in order, whatever file they end up in."""
    digest = hashlib.sha256()
    encode = json.JSONEncoder(sort_keys=True, default=_plain).encode
    for row in rows:
        digest.update(encode({name: getattr(row, name) for name in _COLUMNS}).encode())
    return digest.hexdigest()


def sidecar(path: Path) -> Path:
    """Where a shard's sidecar is."""
    return path.with_suffix(".json")


def find_shards(folder: Path, submission_key: str = "") -> list[Shard]:
    """Every finished shard in ``folder`` (of one submission), by name."""
    return [read_sidecar(path) for path in sorted(folder.glob(f"{submission_key}*.json"))]


def sidecars_by_submission(folder: Path, submission_keys: Iterable[str]) -> dict[str, list[Path]]:
    """The sidecars in ``folder`` of each of these submissions, in one look at it: it has two files
    for every submission there is."""
    found: dict[str, list[Path]] = {key: [] for key in submission_keys}
    for name in sorted(_names(folder)):
        key = name.partition("-")[0]
        if key in found and name.endswith(".json"):
            found[key].append(folder / name)
    return found


def read_sidecar(path: Path) -> Shard:
    """Read a sidecar. Raises ``ShardError`` where it is damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Shard(
            path=path.with_suffix(".parquet"),
            sha256=raw["sha256"],
            file_sha256=raw["file_sha256"],
            submission_key=raw["submission_key"],
            received_at=datetime.fromisoformat(raw["received_at"]),
            model_versions=raw["model_versions"],
            counts=StageCounts.from_json(raw["counts"]),
            text_dropped=raw.get("text_dropped", False),
        )
    except (ValueError, KeyError, TypeError):
        raise ShardError(f"{path} is damaged: delete it and stage its submission again.") from None


def has_text(path: Path) -> bool:
    """Whether the shard at ``path`` still has its texts, as its sidecar says. A sidecar that
    cannot be read says nothing else.
    """
    try:
        return not json.loads(sidecar(path).read_bytes()).get("text_dropped", False)
    except (ValueError, AttributeError):
        return True


def is_damaged(path: Path) -> bool:
    """Whether the shard at ``path`` is not the file its sidecar says."""
    try:
        said = json.loads(sidecar(path).read_bytes()).get("file_sha256")
    except (ValueError, AttributeError):
        return False
    return said is not None and file_sha256(path) != said


def remove_superseded(shards: Sequence[Shard]) -> None:
    """Drop what other versions of the models made of the same submissions, finished or not.

    The shards are in one folder, which is looked through once: it has two files a submission.
    """
    kept = {path.name for shard in shards for path in (shard.path, sidecar(shard.path))}
    keys = {shard.submission_key for shard in shards}
    for folder in {shard.path.parent for shard in shards}:
        for name in sorted(_names(folder)):  # sidecars first
            if name.partition("-")[0] in keys and name not in kept:
                (folder / name).unlink()


def _names(folder: Path) -> list[str]:
    if not folder.exists():
        return []
    with os.scandir(folder) as entries:  # pathlib would make a path of each
        return [entry.name for entry in entries]


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, rows: Sequence[StagedRow]
) -> None:
    partial = path.with_suffix(".parquet.partial")
    partial.unlink(missing_ok=True)
    connection.register("staged", to_table(rows))
    try:
        connection.execute(read_sql("staging/write_shard.sql"), {"shard": str(partial)})
    except duckdb.Error:
        partial.unlink(missing_ok=True)
        raise ShardError(f"{partial} could not be written: is the disk full?") from None
    finally:
        connection.unregister("staged")
    publish_file(partial, path)


def to_table(rows: Sequence[StagedRow]) -> pa.Table:
    """Rows as Arrow, in the staged schema."""
    columns = [
        pa.array(map(_arrow, (getattr(row, field.name) for row in rows)), type=field.type)
        for field in STAGED_SCHEMA
    ]
    return pa.table(columns, schema=STAGED_SCHEMA)


def write_sidecar(shard: Shard) -> None:
    """Write a shard's sidecar, or replace it, durably and whole."""
    path = sidecar(shard.path)
    partial = path.with_suffix(".json.partial")
    content = {
        "submission_key": shard.submission_key,
        "received_at": shard.received_at.astimezone(UTC).isoformat(),
        "sha256": shard.sha256,
        "file_sha256": shard.file_sha256,
        "model_versions": shard.model_versions,
        "counts": shard.counts.to_json(),
        "text_dropped": shard.text_dropped,
    }
    partial.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    publish_file(partial, path)


def publish_file(partial: Path, path: Path) -> None:
    """Make a finished file appear under its name, and stay there after a power cut."""
    partial.chmod(0o600)
    _fsync(partial)
    partial.replace(path)
    _fsync(path.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_COLUMNS = tuple(field.name for field in fields(StagedRow))


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _arrow(value: Any) -> Any:
    return list(value.items()) if isinstance(value, dict) else value
