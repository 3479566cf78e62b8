"""``make bench-dags``: how long Airflow takes to parse each DAG file, in a fresh process each time.

The scheduler's DAG processor forks for each file with Airflow imported already, so that import is
not counted; everything a file imports beyond it is.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipelines.settings import REPOSITORY

RUNS = 5
PARSE = """
import sys, time
import airflow.sdk
from airflow.dag_processing.dagbag import DagBag
began, cpu = time.perf_counter(), time.process_time()
bag = DagBag(sys.argv[1])
assert not bag.import_errors and bag.dags, bag.import_errors
print(time.perf_counter() - began, time.process_time() - cpu)
"""


def parse(path: Path) -> tuple[float, float]:
    """Seconds, and seconds of CPU, to parse the DAG file at ``path``."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", PARSE, str(path)],
            cwd=REPOSITORY,
            env={
                "AIRFLOW_HOME": home,
                "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
                "PATH": os.environ["PATH"],
            },
            capture_output=True,
            text=True,
            check=True,
        )
    wall, cpu = done.stdout.splitlines()[-1].split()
    return float(wall), float(cpu)


def main() -> None:
    """Print the median of each file."""
    table = Table("DAG file", "seconds", "seconds of CPU", title=f"Median of {RUNS} parses")
    for path in sorted((REPOSITORY / "dags").glob("[!_]*.py")):
        taken = [parse(path) for _ in range(RUNS)]
        wall, cpu = (statistics.median(column) for column in zip(*taken, strict=True))
        table.add_row(path.name, f"{wall:.2f}", f"{cpu:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
