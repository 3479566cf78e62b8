"""The PDFs of a release: a report of England and Wales, and a brief of two pages for each force.

Drawn from the release's files alone, as the site is. A force without figures has no brief: it
would say nothing but that. A private release has the report alone: it tells of no force.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.release.basis import is_private
from pipelines.release.publish import read_manifest
from pipelines.release.rows import PrivateRow, read_rows
from pipelines.report.names import read_categories
from pipelines.report.pdf_files import BRIEFS, REPORT
from pipelines.report.pdf_pages import brief, forces_told_of, national, private
from pipelines.report.pdf_press import open_press
from pipelines.report.site import read_release


def write_reports(folder: Path) -> None:
    """Write ``report.pdf`` and ``briefs/<force code>.pdf`` of the release in ``folder``."""
    manifest = read_manifest(folder)
    with open_press() as press:
        if is_private(manifest):
            data = private(read_rows(folder, PrivateRow), read_categories(), manifest)
            (folder / REPORT).write_bytes(press("private.typ", data))
            return
        content = read_release(folder)
        (folder / REPORT).write_bytes(press("report.typ", national(content)))
        (folder / BRIEFS).mkdir(exist_ok=True)
        for force in forces_told_of(content):
            path = folder / BRIEFS / f"{force.code}.pdf"
            path.write_bytes(press("brief.typ", brief(content, force)))
