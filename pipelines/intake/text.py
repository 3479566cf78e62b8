"""Bytes to text: which encoding an export is in, and what is not text at all."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO

from pipelines.errors import QuarantineError, Reason
from pipelines.intake.parts import Part

HEAD_BYTES = 1 << 16

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def find_encoding(head: bytes) -> str:
    """``utf-8``, unless a byte-order mark says UTF-16."""
    return next((name for bom, name in BOMS if head.startswith(bom)), "utf-8")


def read_head(part: Part) -> tuple[str, str]:
    """The first characters of a part, and its encoding. Text that is not UTF-8 is ``""``."""
    with part.open() as stream:
        head = stream.read(HEAD_BYTES)
    encoding = find_encoding(head)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(head), encoding
    except UnicodeDecodeError:
        return "", encoding


def guess_text(part: Part) -> str:
    """The head read as if it were Latin-1, to tell a chat in another encoding from no chat."""
    with part.open() as stream:
        return stream.read(HEAD_BYTES).replace(b"\0", b"").decode("latin-1")


def open_text(stream: BinaryIO, encoding: str, newline: str) -> io.TextIOWrapper:
    """Strictly decoded text whose lines end at ``newline`` (never at U+2028 or the like)."""
    return io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline=newline)


def wrong_encoding() -> QuarantineError:
    return QuarantineError(
        Reason.WRONG_ENCODING,
        "The export is not in UTF-8: hand over the file as the app made it, not one saved again "
        "by an editor.",
    )


def without_surrogates(text: str) -> str:
    """Lone surrogates, which JSON escapes can smuggle in, as U+FFFD; NUL likewise."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\ufffd")
