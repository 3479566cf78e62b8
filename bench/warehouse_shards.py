"""Invented shards for ``make bench-warehouse``: the rows of ``warehouse_rows.sql``, staged.

Encrypted Parquet with sidecars, 5,000 rows each; only their names are not hashes of their rows.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from pipelines.duck import SQL, file_sha256, literal, open_memory, read_sql
from pipelines.prevalence.shipped import shipped_version
from pipelines.settings import REPOSITORY
from pipelines.staging.counts import StageCounts
from pipelines.staging.shard import Shard, write_sidecar

ROWS_PER_SHARD = 5_000
SHARDS_AT_ONCE = 20
RECEIVED = datetime(2026, 11, 1, 12, tzinfo=UTC)
VERSIONS = {"candour": "1", "classifier": shipped_version(), "deidentifier": "1"}
COUNTS = StageCounts(
    1, ROWS_PER_SHARD, ROWS_PER_SHARD, ROWS_PER_SHARD, 0, 0, ROWS_PER_SHARD, unprocessed=0
)


def make_shards(folder: Path, rows: int, data_key: str) -> None:
    """As many shards as hold ``rows`` rows, in ``folder``; those that are there are left."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = len(list(folder.glob("*.json")))
    blocks = range(done, rows // ROWS_PER_SHARD, SHARDS_AT_ONCE)
    jobs = [(folder, n, min(SHARDS_AT_ONCE, rows // ROWS_PER_SHARD - n), data_key) for n in blocks]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        list(pool.map(_make_block, jobs))


def _make_block(job: tuple[Path, int, int, str]) -> None:
    folder, first, shards, data_key = job
    with open_memory(data_key) as connection:
        connection.execute("SET threads = 1")
        made = (REPOSITORY / "bench" / "warehouse_rows.sql").read_text()
        made = made.replace("$seeds", literal(str(SQL / "seeds")))
        connection.execute(made.replace("$classifier", literal(VERSIONS["classifier"])))
        block = f"CREATE TEMP TABLE block AS FROM staged_rows({first}, {shards})"
        connection.execute(block)
        for number in range(first, first + shards):
            connection.execute(
                "CREATE OR REPLACE TEMP VIEW staged AS SELECT * EXCLUDE (shard) FROM block "
                f"WHERE shard = {number} ORDER BY row_no"
            )
            submission = hashlib.md5(f"submission {number}".encode()).hexdigest()
            path = folder / f"{submission}-{number:064d}.parquet"
            connection.execute(read_sql("staging/write_shard.sql"), {"shard": str(path)})
            hashes = (f"{number:064d}", file_sha256(path))
            write_sidecar(Shard(path, *hashes, submission, RECEIVED, VERSIONS, COUNTS))


def shard_paths(folder: Path) -> Sequence[str]:
    """Every shard's path."""
    return sorted(str(path) for path in folder.glob("*.parquet"))
