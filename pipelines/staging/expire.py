"""Drop a shard's texts when their retention has run out. Everything else about it stays."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from pipelines.duck import file_sha256, read_sql
from pipelines.staging.shard import Shard, ShardError, publish_file, write_sidecar


def drop_text(connection: duckdb.DuckDBPyConnection, shard: Shard) -> Shard:
    """Write ``shard`` again without texts, under its name, and say so in its sidecar.

    ``connection`` comes from ``duck.open_memory``. Where a crash comes between the two files, doing
    it again puts them right. Raises ``ShardError`` where it cannot be read or written.
    """
    partial = shard.path.with_suffix(".parquet.partial")
    partial.unlink(missing_ok=True)
    paths = {"path": str(shard.path), "shard": str(partial)}
    try:
        connection.execute(read_sql("staging/drop_text.sql"), paths)
    except duckdb.Error:  # it could quote a row
        partial.unlink(missing_ok=True)
        raise ShardError(
            f"{shard.path} could not be written again without its texts: is it damaged, or the "
            "disk full? It is as it was."
        ) from None
    publish_file(partial, shard.path)
    dropped = replace(shard, file_sha256=file_sha256(shard.path), text_dropped=True)
    write_sidecar(dropped)
    return dropped
