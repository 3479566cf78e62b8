"""Text in blocks of whole lines: large, so that little is done a line, and bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from pipelines.errors import QuarantineError, Reason

# Small enough for a block and what is made of it to stay in the processor's cache: at four times
# this, reading takes half as long again.
BLOCK_CHARS = 1 << 15
# WhatsApp sends at most 65,536 characters; more without a line end is no chat.
MAX_LINE_CHARS = 1_000_000


def whole_lines(text: TextIO) -> Iterator[str]:
    """Blocks of ``text`` (opened with ``newline=""``) that start with a line feed, before the
    first line too, and end before one. Raises ``QuarantineError`` for an endless line.
    """
    rest = "\n"
    while block := text.read(BLOCK_CHARS):
        rest += block
        cut = rest.rfind("\n")
        cut -= rest[cut - 1 : cut] == "\r"  # a CRLF stays together
        if len(rest) - cut > MAX_LINE_CHARS:
            raise not_a_chat()
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    if rest not in ("\n", "\r\n"):
        yield rest


def not_a_chat() -> QuarantineError:
    return QuarantineError(
        Reason.NOT_A_CHAT,
        "The file is not a chat export this version knows: use the app's own chat export.",
    )
