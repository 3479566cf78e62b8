"""Bytes that no file of a release may hold, whatever wrote them there.

Codes for people, chats and submissions, and the reasons for withholding a figure, which would
tell something of the people behind it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.release.policy import Reason

_SHAPE = bytes(
    ord("h") if chr(byte) in "0123456789abcdefABCDEF" else byte if byte == ord("-") else ord(" ")
    for byte in range(256)
)
"""Hexadecimal digits as ``h``, hyphens as they are, all else as a space. Searching for a shape as a
plain string takes a fifteenth of what regular expressions over the bytes take, and every release
there is gets looked through each month."""

_KEYED_CODE = b" " + b"h" * 32 + b" "  # 16 bytes, as the warehouse keys
_ID = b"-".join(b"h" * length for length in (8, 4, 4, 4, 12))
_IDS = [before + _ID + after for before in (b" ", b"-") for after in (b" ", b"-")]
_REASONS = [reason.value.encode() for reason in Reason]


def find_forbidden(folder: Path) -> Iterator[str]:
    """Each file of a release that holds something forbidden, with what: never the bytes."""
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        contents = _contents(path)
        texts = [*contents, *(c.replace(b"\0", b"") for c in contents if b"\0" in c)]
        for what in sorted({what for text in texts for what in forbidden_in(text)}):
            yield f"{path.relative_to(folder).as_posix()} ({what})"


def forbidden_in(text: bytes) -> Iterator[str]:
    """What is forbidden in it, in capitals or not. A longer run of digits is no code."""
    shape = b" " + text.translate(_SHAPE) + b" "
    if _KEYED_CODE in shape.replace(b"-", b" "):
        yield "a keyed code"
    if any(an_id in shape for an_id in _IDS):
        yield "a submission's id"
    lowered = text.lower()
    if any(reason in lowered for reason in _REASONS):
        yield "a reason for withholding"


def _contents(path: Path) -> list[bytes]:
    """A file's bytes, and those of what is packed in it (a spreadsheet is a zip archive).

    Not a PDF's pages: they hold numbers of glyphs, so ``report.derived`` makes them again instead.
    """
    contents = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            contents += [archive.read(member) for member in archive.namelist()]
    return contents
