"""Signal's own plaintext export, ``main.jsonl``: one frame of its backup format a line.

Written from Signal's published schema (Backup.proto as JSON) and not verified against a real
sample.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.contracts import Chat, MessageKind
from pipelines.errors import QuarantineError, Reason
from pipelines.intake.parts import Part
from pipelines.intake.records import ChatBuilder, Entry, at_milliseconds, built, dicts, text_of
from pipelines.intake.text import open_text, read_head
from pipelines.settings import Settings

NOT_A_MESSAGE = "not_a_message"
SELF = "Me"  # the account's own recipient has no name in the export

KINDS = {
    "stickerMessage": MessageKind.STICKER,
    "contactMessage": MessageKind.CONTACT,
    "remoteDeletedMessage": MessageKind.DELETED,
    "viewOnceMessage": MessageKind.MEDIA,
    "paymentNotification": MessageKind.MEDIA,
    "giftBadge": MessageKind.MEDIA,
}
CALLS = ("individualCall", "groupCall")


@dataclass(slots=True)
class _Export:
    """What the frames before the messages say: who is who, and which chat is with whom."""

    settings: Settings
    people: dict[str, str] = field(default_factory=dict, repr=False)
    chats: dict[str, ChatBuilder] = field(default_factory=dict)
    other_frames: int = 0


class SignalJsonl:
    """Lists recipients, then chats, then items. Numbers above 2^31 are written as text."""

    platform = "signal"

    def sniff(self, head: str) -> bool:
        first = head.lstrip().partition("\n")[0]
        return first.startswith("{") and any(
            f'"{key}"' in head for key in ("backupTimeMs", "chatItem")
        )

    def parse(self, parts: Sequence[Part], settings: Settings) -> list[Chat]:
        export = _Export(settings)
        for part in parts:
            for frame in _frames(part):
                self._take(frame, export)
        for builder in list(export.chats.values())[:1]:
            for _ in range(export.other_frames):
                builder.add(None, NOT_A_MESSAGE)
        return built(export.chats.values())

    def _take(self, frame: dict[str, Any], export: _Export) -> None:
        item = frame.get("chatItem")
        if isinstance(item, dict):
            self._chat(str(item.get("chatId")), export).add(_read(item, export.people))
            return
        export.other_frames += 1
        if isinstance(frame.get("recipient"), dict):
            recipient = frame["recipient"]
            export.people[str(recipient.get("id"))] = _name(recipient)
        elif isinstance(frame.get("chat"), dict):
            chat = self._chat(str(frame["chat"].get("id")), export)
            chat.names.add(export.people.get(str(frame["chat"].get("recipientId")), ""))

    def _chat(self, chat_id: str, export: _Export) -> ChatBuilder:
        builder = ChatBuilder(self.platform, export.settings.max_lines)
        return export.chats.setdefault(chat_id, builder)


def _frames(part: Part) -> Iterator[dict[str, Any]]:
    _, encoding = read_head(part)
    with open_text(part.open(), encoding, "\n") as lines:
        for line in lines:
            try:
                frame = json.loads(line)
            except (ValueError, RecursionError):
                frame = None
            if not isinstance(frame, dict):
                raise QuarantineError(
                    Reason.NOT_A_CHAT, "A line of the Signal export is damaged: export it again."
                ) from None
            yield frame


def _name(recipient: dict[str, Any]) -> str:
    if "self" in recipient:
        return SELF
    contact, group = recipient.get("contact"), recipient.get("group")
    if isinstance(group, dict):
        title = (group.get("snapshot") or {}).get("title") or {}
        return text_of(title.get("title"))
    if not isinstance(contact, dict):
        return ""
    for kind in ("system", "profile"):
        names = (text_of(contact.get(f"{kind}{part}Name")) for part in ("Given", "Family"))
        full = " ".join(filter(None, names))
        if full:
            return full
    return str(contact.get("username") or contact.get("e164") or "")


def _read(item: dict[str, Any], people: dict[str, str]) -> Entry | None:
    when = at_milliseconds(item.get("dateSent"))
    if when is None:
        return None
    author = str(item.get("authorId"))
    sender = people.get(author) or author
    update = item.get("updateMessage")
    if isinstance(update, dict):
        called = any(key in update for key in CALLS)
        if called:
            return Entry(when, sender, MessageKind.CALL, "")
        return Entry(when, None, MessageKind.SYSTEM, next(iter(update), ""))
    return Entry(when, sender, *_content(item))


def _content(item: dict[str, Any]) -> tuple[MessageKind, str]:
    kind = next((kind for key, kind in KINDS.items() if key in item), None)
    if kind:
        return kind, ""
    poll = item.get("poll")
    if isinstance(poll, dict):
        options = (
            f"{text_of(o.get('option'))} ({len(dicts(o.get('votes')))})"
            for o in dicts(poll.get("options"))
        )
        return MessageKind.POLL, "\n".join((text_of(poll.get("question")), *options))
    message = item.get("standardMessage") or item.get("directStoryReplyMessage")
    message = message if isinstance(message, dict) else {}
    body = message.get("text")
    text = text_of(body.get("body")) if isinstance(body, dict) else ""
    return (MessageKind.MEDIA if message.get("attachments") else MessageKind.TEXT), text


FORMAT = SignalJsonl()
