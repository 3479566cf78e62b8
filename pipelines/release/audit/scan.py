"""Bytes that no file of a release may hold, whatever wrote them there.

Codes for people, chats and submissions, and the reasons for withholding a figure, which would
tell something of the people behind it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.release.policy import Reason

FORBIDDEN = {
    "a keyed code": rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])",  # 16 bytes, as the warehouse keys
    "a submission's id": rb"(?<![0-9a-f])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])",
    "a reason for withholding": b"|".join(reason.value.encode() for reason in Reason),
}
PATTERNS = {what: re.compile(pattern, re.IGNORECASE) for what, pattern in FORBIDDEN.items()}


def find_forbidden(folder: Path) -> Iterator[str]:
    """Each file of a release that holds something forbidden, with what: never the bytes."""
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        contents = _contents(path)
        texts = [*contents, *(c.replace(b"\0", b"") for c in contents if b"\0" in c)]
        for what, pattern in PATTERNS.items():
            if any(map(pattern.search, texts)):
                yield f"{path.relative_to(folder).as_posix()} ({what})"


def _contents(path: Path) -> list[bytes]:
    """A file's bytes, and those of what is packed in it (a spreadsheet is a zip archive).

    Not a PDF's pages: they hold numbers of glyphs, so ``report.derived`` makes them again instead.
    """
    contents = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            contents += [archive.read(member) for member in archive.namelist()]
    return contents
