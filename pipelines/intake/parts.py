"""The pieces of an export: byte streams that can be opened again, and how much may be read."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, cast

from pipelines.errors import QuarantineError, Reason
from pipelines.settings import Settings

BUFFER_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Part:
    """One chat file of an export. ``name`` may hold a person's name: memory only.

    ``open`` gives the bytes from the start, each time it is called.
    """

    name: str = field(repr=False)
    open: Callable[[], BinaryIO] = field(repr=False)


class ExportSource(Protocol):
    """Where an export's bytes come from: a file on the volunteer's machine, or the inbox."""

    def parts(self, settings: Settings) -> Sequence[Part]:
        """The chat files in the export. Raises ``QuarantineError`` where there is none."""
        ...


@dataclass(slots=True)
class Budget:
    """How many bytes may come out of one export, counted as they arrive.

    Nothing an archive says about its own sizes is believed. A part read twice counts once.
    """

    limit: int
    reason: Reason
    advice: str
    _read: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int), repr=False)

    def spend(self, name: str, position: int) -> None:
        """Note that ``name`` was read up to ``position``. Raises ``QuarantineError``."""
        self._read[name] = max(self._read[name], position)
        if sum(self._read.values()) > self.limit:
            raise QuarantineError(self.reason, self.advice)

    def guard(self, name: str, stream: Any) -> BinaryIO:
        """``stream`` (anything with ``read`` and ``close``), counted against this budget."""
        return cast(BinaryIO, io.BufferedReader(_Counted(stream, name, self), BUFFER_BYTES))


class _Counted(io.RawIOBase):
    def __init__(self, stream: Any, name: str, budget: Budget) -> None:
        self._stream, self._name, self._budget = stream, name, budget
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._position += len(data)
        self._budget.spend(self._name, self._position)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
