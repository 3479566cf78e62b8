"""JSON read value by value, so that an export of any size needs room for one message at a time.

Values are decoded by the standard library, which keeps what an event-driven parser would change:
lone surrogates, numbers of any size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from pipelines.errors import QuarantineError, Reason
from pipelines.intake.parts import Part
from pipelines.intake.text import open_text, read_head

BLOCK_CHARS = 1 << 16
# A message has at most 65,536 characters; with its media and reactions it is far smaller than this.
MAX_VALUE_CHARS = 16_000_000
SPACE = " \t\n\r"
DELIMITERS = frozenset(SPACE + ",:]}")

_decode = json.JSONDecoder().raw_decode


class JsonStream:
    """A place in a document. Every method leaves it behind what it read.

    Raises ``QuarantineError`` where the document is not JSON.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer, self._at = "", 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is no space, left where it is; nothing at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in SPACE:
                    return self._buffer[self._at]
                self._at += 1
            if not self._fill():
                return ""

    def value(self) -> Any:
        """The whole value that comes next."""
        self.peek()
        while True:
            try:
                value, end = _decode(self._buffer, self._at)
            except (ValueError, RecursionError):
                end = None
            # Whatever is not yet followed by one of these could be a number that goes on.
            if end is not None and (self._ended or self._buffer[end : end + 1] in DELIMITERS):
                self._at = end
                return value
            if self._ended or len(self._buffer) - self._at > MAX_VALUE_CHARS:
                raise damaged()
            self._fill()

    def members(self) -> Iterator[str]:
        """The keys of the object that comes next; the caller reads each one's value."""
        self._take("{")
        if self.peek() == "}":
            self._take("}")
            return
        while True:
            key = self.value()
            self._take(":")
            yield key if isinstance(key, str) else ""
            if self._take(",}") == "}":
                return

    def items(self) -> Iterator[None]:
        """Stops at each item of the list that comes next; the caller reads it."""
        self._take("[")
        if self.peek() == "]":
            self._take("]")
            return
        while True:
            yield None
            if self._take(",]") == "]":
                return

    def end(self) -> None:
        """See that nothing follows."""
        if self.peek():
            raise damaged()

    def _take(self, expected: str) -> str:
        found = self.peek()
        if not found or found not in expected:
            raise damaged()
        self._at += 1
        return found

    def _fill(self) -> bool:
        """Read on; twice as much each time a value is not yet whole."""
        rest = self._buffer[self._at :]
        more = self._text.read(max(BLOCK_CHARS, len(rest)))
        self._buffer, self._at = rest + more, 0
        self._ended = not more
        return bool(more)


@contextmanager
def open_json(part: Part) -> Iterator[JsonStream]:
    """The document in ``part``, to be read to its end."""
    _, encoding = read_head(part)
    with open_text(part.open(), encoding, "\n") as text:
        stream = JsonStream(text)
        yield stream
        stream.end()


def damaged() -> QuarantineError:
    return QuarantineError(
        Reason.NOT_A_CHAT, "The file is damaged or incomplete JSON: export the chat again."
    )
