"""Chat formats, one module each, found by content. Adding a format is adding a file here.

Each module defines ``FORMAT``, an object with the three members of ``ChatFormat``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from pipelines.contracts import Chat
from pipelines.intake.parts import Part
from pipelines.settings import Settings


class ChatFormat(Protocol):
    """How one app writes its exports."""

    @property
    def platform(self) -> str:
        """The manifest's ``platform`` for these chats."""
        ...

    def sniff(self, head: str) -> bool:
        """Whether a file that begins with ``head`` (up to 64 KiB) is in this format."""
        ...

    def parse(self, parts: Sequence[Part], settings: Settings) -> list[Chat]:
        """The chats in ``parts``, the numbered files of one thread (usually one file).

        Every input line or record is in one message or a counted reject. Raises
        ``QuarantineError``.
        """
        ...


@cache
def all_formats() -> tuple[ChatFormat, ...]:
    """Every format in this package, in the modules' order of name."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").FORMAT for name in names)


def find_format(head: str) -> ChatFormat | None:
    """The format of a file that begins with ``head``."""
    return next((found for found in all_formats() if found.sniff(head)), None)
