"""Instagram's JSON: Messenger's classic schema, with Instagram's own paths in it."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.contracts import Chat
from pipelines.intake.meta import CLASSIC, parse_thread
from pipelines.intake.parts import Part
from pipelines.settings import Settings


def is_instagram(head: str) -> bool:
    """Whether a Meta thread names Instagram; Messenger's always name the participants."""
    if not head.lstrip().startswith("{") or not CLASSIC.search(head):
        return False
    return "instagram" in head.lower() or '"participants"' not in head


class Instagram:
    """``your_instagram_activity/messages/inbox/<thread>/message_1.json`` …"""

    platform = "instagram"

    def sniff(self, head: str) -> bool:
        return is_instagram(head)

    def parse(self, parts: Sequence[Part], settings: Settings) -> list[Chat]:
        return parse_thread(parts, self.platform, settings)


FORMAT = Instagram()
