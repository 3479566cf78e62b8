"""``make bench-warehouse``: what loading, the marts and validation cost, 10⁴ to 10⁷ staged rows.

Each measurement is a process of its own on a fresh warehouse. Beside it, from the same shards, what
the plainest way to the trends costs: DuckDB alone, into a file that is not encrypted; and pandas
with pyarrow, in memory, up to 10⁶ rows. Neither checks a shard, keeps a ledger, finds overlapping
exports, counts who stands behind a figure or makes any other mart.

CPU seconds are those of all threads together: on a machine that does other work at the same time
they say what two free cores would need at best, half of them.

    python -m bench.warehouse [--rows N …] [--write]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.risk_eval import write
from bench.warehouse_shards import make_shards, shard_paths
from pipelines.duck import allow_shards, connect, literal
from pipelines.keys import generate_keys, load_keys
from pipelines.settings import REPOSITORY, Settings

PAGE = REPOSITORY / "docs" / "measured-warehouse.md"
HOME = REPOSITORY / "var" / "bench-warehouse"
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
VALIDATED = 1_000_000
MOST_IN_PANDAS = 1_000_000
HEAD = """| rows | what | wall, s | CPU, s | peak memory, MB |
|---:|---|---:|---:|---:|"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds on the clock, seconds of all threads, memory at most."""

    wall: float
    cpu: float
    peak_mb: int


def load_and_build(settings: Settings) -> None:
    """What Candour does between gate 1 and gate 2."""
    from pipelines.warehouse.connect import open_warehouse
    from pipelines.warehouse.load import load_staged
    from pipelines.warehouse.marts import build_marts

    keys = load_keys(settings.keys)
    with open_warehouse(settings.warehouse, keys.data) as connection:
        load_staged(connection, settings, keys)
        build_marts(connection)


def duckdb_alone(settings: Settings) -> None:
    """Every row into a plain file, and force, month and category counted from there."""
    plain = settings.home / "plain.duckdb"
    plain.unlink(missing_ok=True)
    with connect() as connection:
        allow_shards(connection, load_keys(settings.keys).data)
        connection.execute(f"ATTACH {literal(str(plain))} AS plain; USE plain")
        connection.execute(
            "CREATE TABLE message AS FROM read_parquet(?, "
            "encryption_config = {footer_key: 'staged'})",
            [shard_paths(settings.staged)],
        )
        connection.execute(
            "CREATE TABLE trend AS SELECT force_code, date_trunc('month', sent_on) AS month, "
            "risk.key AS category, count(*) AS messages, sum(risk.value) AS expected, "
            "count(*) FILTER (list_contains(flags, risk.key)) AS flagged "
            "FROM (SELECT *, unnest(map_entries(risks)) AS risk FROM message) GROUP BY ALL"
        )
    plain.unlink()


def in_pandas(settings: Settings) -> None:
    """The same counts from a plain Parquet file, read into memory."""
    import numpy as np
    import pandas as pd
    import pyarrow.parquet as pq

    table = pq.read_table(settings.home / "plain.parquet").combine_chunks()
    risks = table["risks"].chunk(0)
    at = np.repeat(np.arange(len(table)), np.diff(risks.offsets.to_numpy()))
    frame = pd.DataFrame(
        {
            "force_code": table["force_code"].to_pandas().to_numpy()[at],
            "month": pd.to_datetime(table["sent_on"].to_pandas()).dt.to_period("M").to_numpy()[at],
            "category": risks.keys.to_pandas(),
            "expected": risks.items.to_numpy(),
        }
    )
    frame["flagged"] = frame["expected"] > 0.5  # as the invented rows flag
    by = frame.groupby(["force_code", "month", "category"])
    by.agg(messages=("expected", "size"), expected=("expected", "sum"), flagged=("flagged", "sum"))


def validate_staged(settings: Settings) -> None:
    """Gate 1."""
    from pipelines.validate.gates import check_staged

    check_staged(settings.staged, load_keys(settings.keys).data)


def validate_warehouse(settings: Settings) -> None:
    """Gate 2."""
    from pipelines.validate.gates import check_warehouse

    check_warehouse(settings.warehouse, load_keys(settings.keys).data)


def queries_alone(settings: Settings) -> None:
    """Those of gate 1's expectations that are SQL, asked of DuckDB without Great Expectations."""
    from pipelines.validate.suite import load_suite
    from pipelines.validate.tables import staged_tables

    shards = [Path(path) for path in shard_paths(settings.staged)]
    with staged_tables(shards, load_keys(settings.keys).data) as connection:
        for e in load_suite("staged").expectations:
            asked = e.no_rows or f"SELECT 1 FROM {e.table} WHERE {e.no_rows_where}"
            if not e.expect:
                connection.execute(asked.replace("{batch}", e.table) + " LIMIT 1").fetchall()


JOBS: dict[str, tuple[Callable[[Settings], None], str]] = {
    "load": (load_and_build, "Candour: load, overlaps, ledger, six marts; encrypted"),
    "duckdb": (duckdb_alone, "DuckDB alone: copy, one count; not encrypted"),
    "pandas": (in_pandas, "pandas and pyarrow: read, one count"),
    "gate1": (validate_staged, "Candour: gate 1, {} expectations"),
    "gate2": (validate_warehouse, "Candour: gate 2, {} expectations"),
    "queries": (queries_alone, "DuckDB alone: gate 1's queries, without Great Expectations"),
}


def measure(job: str, home: Path) -> Cost:
    """Run one job in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.warehouse", "--job", job, "--home", str(home)],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def run_job(job: str, home: Path) -> None:
    """In that process: do it, and print what it took."""
    settings = Settings(home=home)
    if job == "load":
        settings.warehouse.unlink(missing_ok=True)
    began, spent = time.perf_counter(), time.process_time()
    JOBS[job][0](settings)
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(json.dumps({"wall": wall, "cpu": cpu, "peak_mb": peak}) + "\n")


def prepare(rows: int) -> Path:
    """A home with that many staged rows; kept for the next time."""
    home = HOME / str(rows)
    if not home.exists():
        generate_keys(home / "keys")
    settings = Settings(home=home)
    key = load_keys(settings.keys).data
    make_shards(settings.staged, rows, key)
    plain = home / "plain.parquet"
    if rows <= MOST_IN_PANDAS and not plain.exists():
        with connect() as connection:
            allow_shards(connection, key)
            connection.execute(
                "COPY (FROM read_parquet($paths, encryption_config = {footer_key: 'staged'})) "
                f"TO {literal(str(plain))} (FORMAT parquet)",
                {"paths": shard_paths(settings.staged)},
            )
    return home


def cost_curve(sizes: Sequence[int]) -> list[str]:
    """One line of the table a measurement."""
    from pipelines.validate.suite import load_suite

    lines = []
    for rows in sizes:
        home = prepare(rows)
        jobs = ["load", "duckdb"] + ["pandas"] * (rows <= MOST_IN_PANDAS)
        jobs += ["gate1", "gate2", "queries"] if rows == VALIDATED else []
        for job in jobs:
            cost = measure(job, home)
            gate = {"gate1": "staged", "gate2": "warehouse"}.get(job)
            many = len(load_suite(gate).expectations) if gate else ""
            what = JOBS[job][1].format(many)
            lines.append(
                f"| {rows:,} | {what} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak_mb:,} |"
            )
            sys.stdout.write(lines[-1] + "\n")
            sys.stdout.flush()
    return lines


def main() -> None:
    """Measure, print and perhaps write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES)
    parser.add_argument("--write", action="store_true", help=f"write into {PAGE.name}")
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job:
        run_job(asked.job, asked.home)
        return
    busy = os.getloadavg()[0]
    lines = cost_curve(asked.rows)
    load = f"load average {busy:.1f} before and {os.getloadavg()[0]:.1f} after"
    if asked.write:
        write(PAGE, "\n".join([HEAD, *lines]) + f"\n\n{os.cpu_count()} cores; {load}.")


if __name__ == "__main__":
    main()
