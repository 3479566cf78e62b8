"""How long the PDFs of a large release take: 43 forces, 12 categories, 36 months.

python -m bench.pdf [--write]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.audit_scale import MONTHS, SEED
from bench.page import write_between
from bench.release_world import make_world
from pipelines.release.build import build_release
from pipelines.release.places import read_places
from pipelines.report.pdf import write_reports
from pipelines.report.pdf_files import BRIEFS, REPORT
from pipelines.settings import REPOSITORY, Approval, Settings

PAGE = REPOSITORY / "docs" / "measured-pdf.md"
PER_FORCE = 90
HEAD = """| drawn | briefs | all PDFs, s | report, KB | a brief, KB |
|---|---:|---:|---:|---:|"""


def measure(folder: Path) -> str:
    """Lines of the table: drawn once, and again by a warm process."""
    lines = []
    for which in ("first", "again"):
        started = perf_counter()
        write_reports(folder)
        took = perf_counter() - started
        sizes = [path.stat().st_size // 1000 for path in (folder / BRIEFS).iterdir()]
        report = (folder / REPORT).stat().st_size // 1000
        lines.append(f"| {which} | {len(sizes)} | {took:.1f} | {report} | {max(sizes)} at most |")
        print(lines[-1], flush=True)
    return "\n".join([HEAD, *lines])


def main() -> None:
    with TemporaryDirectory() as home:
        settings = Settings(home=Path(home), approval=Approval.NONE)
        world = make_world(read_places(), MONTHS, PER_FORCE, SEED)
        table = measure(build_release(world, MONTHS[-1], settings))
    if "--write" in sys.argv:
        write_between(PAGE, "pdf", f"Measured on {os.cpu_count()} cores.\n\n{table}")


if __name__ == "__main__":
    main()
