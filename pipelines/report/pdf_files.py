"""Where a release's PDFs lie, and their copies beside the pages that link to them."""

from __future__ import annotations

import shutil
from pathlib import Path

REPORT = "report.pdf"
BRIEFS = "briefs"
"""Folder of ``<force code>.pdf``, one for each force with figures."""


def copy_reports(folder: Path, out: Path) -> None:
    """Copy the PDFs of the release in ``folder`` into ``out``."""
    shutil.copyfile(folder / REPORT, out / REPORT)
    if (folder / BRIEFS).is_dir():
        shutil.copytree(folder / BRIEFS, out / BRIEFS, dirs_exist_ok=True)
