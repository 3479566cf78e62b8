"""Whether all that a release holds beside its figures is made of them, and of nothing else.

The disclosure audit attacks the figures' files. Their metadata, the spreadsheet, the PDFs and the
site say the same again, so they are made again, from the figures as they lie there, and compared.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.errors import GateError
from pipelines.release.audit.effects import effects_are_made_of_figures
from pipelines.release.basis import is_private
from pipelines.release.files import APPROVALS, CHECKSUMS, sha256
from pipelines.release.manifest import code_hash
from pipelines.release.open_data import write_open_data
from pipelines.release.publish import FROZEN_FILES, read_manifest
from pipelines.release.rows import EffectRow
from pipelines.report.pdf import write_reports
from pipelines.report.pdf_files import BRIEFS, copy_reports
from pipelines.report.site import build_site
from pipelines.settings import REPOSITORY

SITE = "site"
NAMED = 10  # files named in the refusal; the rest are counted


def draw(folder: Path) -> None:
    """Draw the site and the PDFs of a draft, in place of any that are there.

    Raises ``GateError`` unless every other file is a figures' one or made of those.
    """
    with _made_again(folder) as again:
        for drawn in (SITE, BRIEFS):
            shutil.rmtree(folder / drawn, ignore_errors=True)
        shutil.copytree(again / SITE, folder / SITE)
        copy_reports(again, folder)
        problems = _differences(again, folder)
    if problems:
        more = f" and {len(problems) - NAMED} more" if len(problems) > NAMED else ""
        raise GateError(
            f"{folder.name.lstrip('.')} is refused: {', '.join(problems[:NAMED])}{more}. What a "
            "release shows must be made of the figures that the audit passed, and nothing else: "
            "run the month again."
        )


def derived_problems(folder: Path) -> list[str]:
    """What is not as it would be made again from the figures and the manifest, a clause a file."""
    with _made_again(folder) as again:
        found = _differences(again, folder)
    private = is_private(read_manifest(folder))
    if not private and not effects_are_made_of_figures(folder):
        found.append(f"{EffectRow.FILE} is not what the published months make")
    return found


def made_by_this_code(folder: Path) -> bool:
    """Whether a release can be made again: other versions draw other pages."""
    return bool(read_manifest(folder).get("code_sha256") == code_hash(REPOSITORY))


@contextmanager
def _made_again(folder: Path) -> Iterator[Path]:
    """A folder with a release's figures and manifest, and all that is made of them."""
    with TemporaryDirectory() as scratch:
        again = Path(scratch)
        for name in (*FROZEN_FILES, "manifest.json"):
            if (folder / name).is_file():
                shutil.copyfile(folder / name, again / name)
        write_open_data(again)
        write_reports(again)
        build_site(again, again / SITE)
        yield again


def _differences(again: Path, folder: Path) -> list[str]:
    made, there = dict(_sums(again)), dict(_sums(folder))
    return [
        *(f"{name} is missing" for name in sorted(made.keys() - there.keys())),
        *(f"{name} is no part of a release" for name in sorted(there.keys() - made.keys())),
        *(
            f"{name} is not what the figures make"
            for name in sorted(made.keys() & there.keys())
            if made[name] != there[name]
        ),
    ]


def _sums(folder: Path) -> Iterator[tuple[str, str]]:
    """Hash of each file by name, but for the sums and the approvals, which are checked apart."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != CHECKSUMS and not name.startswith(f"{APPROVALS}/"):
            yield name, sha256(path)
