"""How long the PDFs of a large release take: 43 forces, 12 categories, 36 months.

One month is drafted and stands for all: what its figures are does not matter here.

python -m bench.pdf [--write]
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from bench.audit_scale import MONTHS, SEED
from bench.page import write_between
from bench.release_world import make_world
from pipelines.release.build import build_release
from pipelines.release.manifest import write_manifest
from pipelines.release.places import read_places
from pipelines.release.publish import read_manifest
from pipelines.release.rows import ChallengeRow, TrendRow, read_rows, write_rows
from pipelines.report.pdf import write_reports
from pipelines.report.pdf_files import BRIEFS, REPORT
from pipelines.settings import REPOSITORY, Approval, Settings

PAGE = REPOSITORY / "docs" / "measured-pdf.md"
PER_FORCE = 90
HEAD = """| drawn | briefs | all PDFs, s | of a processor, s | report, KB | largest brief, KB |
|---|---:|---:|---:|---:|---:|"""


def make_release(home: Path) -> Path:
    """A draft of the last month, its rows those of every other month too."""
    world = make_world(read_places(), MONTHS[-1:], PER_FORCE, SEED)
    folder = build_release(world, MONTHS[-1], Settings(home=home, approval=Approval.NONE))
    trends, challenge = read_rows(folder, TrendRow), read_rows(folder, ChallengeRow)
    write_rows(folder, TrendRow, [replace(r, period=month) for month in MONTHS for r in trends])
    write_rows(
        folder, ChallengeRow, [replace(r, period=month) for month in MONTHS for r in challenge]
    )
    manifest = read_manifest(folder)
    (estimation,) = manifest["estimation"]
    write_manifest(folder, manifest | {"estimation": [estimation | {"periods": MONTHS}]})
    return folder


def measure(folder: Path) -> str:
    """The table: drawn, and drawn again by a warm process."""
    lines = []
    for which in ("first", "again"):
        started, worked = perf_counter(), process_time()
        write_reports(folder)
        took, worked = perf_counter() - started, process_time() - worked
        sizes = [path.stat().st_size // 1000 for path in (folder / BRIEFS).iterdir()]
        report = (folder / REPORT).stat().st_size // 1000
        lines.append(
            f"| {which} | {len(sizes)} | {took:.1f} | {worked:.1f} | {report} | {max(sizes)} |"
        )
        print(lines[-1], flush=True)
    return "\n".join([HEAD, *lines])


def main() -> None:
    with TemporaryDirectory() as home:
        table = measure(make_release(Path(home)))
    if "--write" in sys.argv:
        said = f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.0f}."
        write_between(PAGE, "pdf", f"{said}\n\n{table}")


if __name__ == "__main__":
    main()
