"""Messenger's JSON: the classic download, and the one for end-to-end encrypted chats."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.contracts import Chat
from pipelines.intake.formats.instagram import is_instagram
from pipelines.intake.meta import CLASSIC, ENCRYPTED, parse_thread
from pipelines.intake.parts import Part
from pipelines.settings import Settings


class Messenger:
    """``message_1.json`` … of one thread, or ``<name>_<number>.json`` where encrypted."""

    platform = "messenger"

    def sniff(self, head: str) -> bool:
        if not head.lstrip().startswith("{") or is_instagram(head):
            return False
        return bool(CLASSIC.search(head) or ENCRYPTED.search(head))

    def parse(self, parts: Sequence[Part], settings: Settings) -> list[Chat]:
        return parse_thread(parts, self.platform, settings)


FORMAT = Messenger()
