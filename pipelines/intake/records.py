"""What the JSON formats share: reading records, counting them, and making messages of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipelines.contracts import Chat, LineTally, Message, MessageKind
from pipelines.errors import QuarantineError, Reason
from pipelines.intake.clock import from_timestamp
from pipelines.intake.text import without_surrogates

UNREADABLE = "unreadable_record"


@dataclass(frozen=True, slots=True)
class Entry:
    """A message before it has a place in its chat."""

    sent_at: datetime
    sender: str | None = field(repr=False)
    kind: MessageKind
    text: str = field(repr=False)


@dataclass(slots=True)
class ChatBuilder:
    """Collects one chat's entries; each record is an entry or a counted reject."""

    platform: str
    max_records: int
    entries: list[Entry] = field(default_factory=list, repr=False)
    names: set[str] = field(default_factory=set, repr=False)
    tally: LineTally = field(default_factory=LineTally)
    _senders: dict[str, str] = field(default_factory=dict, repr=False)

    def add(self, entry: Entry | None, why_not: str = UNREADABLE) -> None:
        """Count one record in."""
        self.tally.lines_in += 1
        if self.tally.lines_in > self.max_records:
            raise QuarantineError(
                Reason.TOO_MANY_LINES,
                f"The export has more than {self.max_records:,} messages: hand over fewer chats.",
                {"lines_in": self.tally.lines_in},
            )
        if entry is None:
            self.tally.rejected[why_not] += 1
            return
        self.tally.lines_in_messages += 1
        sender = entry.sender
        if sender is not None:  # one text for all that somebody sent
            sender = self._senders.setdefault(sender, without_surrogates(sender))
        self.entries.append(
            Entry(entry.sent_at, sender, entry.kind, without_surrogates(entry.text))
        )

    def build(self) -> Chat:
        """The chat in order of time; entries of the same time stay in the order they came."""
        self.entries.sort(key=lambda entry: entry.sent_at)
        messages = [
            Message(seq, e.sent_at, e.sender, e.kind, e.text) for seq, e in enumerate(self.entries)
        ]
        names = frozenset(without_surrogates(name) for name in self.names if name)
        return Chat(self.platform, messages, self.tally, names)


def at_seconds(value: object) -> datetime | None:
    """A Unix time, given as a number or in digits, or ``None`` where it is no possible time."""
    try:
        return from_timestamp(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None


def at_milliseconds(value: object) -> datetime | None:
    """As ``at_seconds``, from milliseconds."""
    try:
        return at_seconds(float(value) / 1000)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None


def text_of(value: object) -> str:
    """``value`` if it is text, else nothing."""
    return value if isinstance(value, str) else ""


def dicts(value: object) -> list[dict[str, Any]]:
    """The objects in ``value`` if it is a list, else nothing."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def built(builders: Iterable[ChatBuilder]) -> list[Chat]:
    """The chats that have a message. Raises ``QuarantineError`` where none has."""
    chats: Sequence[Chat] = [builder.build() for builder in builders if builder.tally.lines_in]
    if not any(chat.messages for chat in chats):
        raise QuarantineError(
            Reason.NOT_A_CHAT, "The export holds no messages: choose a chat that has some."
        )
    return list(chats)
