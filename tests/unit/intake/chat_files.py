"""Helpers for tests that read small hand-made exports."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.contracts import Chat
from pipelines.intake.parts import Part
from pipelines.intake.read import read_chats
from pipelines.settings import Settings

LRM = "\u200e"
NARROW = "\u202f"


@dataclass(frozen=True)
class InMemory:
    """An export source whose files never touch the disk."""

    files: dict[str, bytes]

    def parts(self, settings: Settings) -> Sequence[Part]:
        return [Part(name, lambda raw=raw: io.BytesIO(raw)) for name, raw in self.files.items()]


def read_bytes(raw: bytes, name: str = "_chat.txt", settings: Settings | None = None) -> Chat:
    """The one chat in ``raw``."""
    (chat,) = read_chats(InMemory({name: raw}), settings or Settings())
    return chat


def read_text(text: str, name: str = "_chat.txt") -> Chat:
    """The one chat in ``text``."""
    return read_bytes(text.encode("utf-8", "surrogatepass"), name)


def rows(chat: Chat) -> list[tuple[str, str | None, str, str]]:
    """(time, sender, kind, text) of every message: what a person would check."""
    return [
        (message.sent_at.strftime("%Y-%m-%d %H:%M:%S"), message.sender, message.kind, message.text)
        for message in chat.messages
    ]


def said(text: str, name: str = "_chat.txt") -> list[tuple[str | None, str, str]]:
    """(sender, kind, text) of every message in an export."""
    return [row[1:] for row in rows(read_text(text, name))]
