"""Telegram Desktop's ``result.json``: one chat, or a whole account's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pipelines.contracts import Chat, MessageKind
from pipelines.intake.clock import LONDON
from pipelines.intake.json_stream import JsonStream, open_json
from pipelines.intake.parts import Part
from pipelines.intake.records import (
    ChatBuilder,
    Entry,
    at_seconds,
    built,
    dicts,
    text_of,
)
from pipelines.settings import Settings

SIGNS = re.compile(r'"(?:date_unixtime|text_entities|from_id)"|Telegram is')
CALL = "phone_call"
NAMING = ("forwarded_from", "author", "inviter", "via_bot")
MENTION_BY_NAME = "mention_name"
MEDIA_KEYS = ("photo", "file", "media_type")


class Telegram:
    """``text`` is a string, or pieces to be joined as they are; ``date_unixtime`` is UTC."""

    platform = "telegram"

    def sniff(self, head: str) -> bool:
        return head.lstrip().startswith("{") and SIGNS.search(head) is not None

    def parse(self, parts: Sequence[Part], settings: Settings) -> list[Chat]:
        builders: list[ChatBuilder] = []
        for part in parts:
            with open_json(part) as document:
                self._chat(document, settings, builders, account=True)
        return built(builders)

    def _chat(
        self,
        document: JsonStream,
        settings: Settings,
        builders: list[ChatBuilder],
        *,
        account: bool = False,
    ) -> None:
        """An object with a list of messages; an account's has lists of such objects besides."""
        if document.peek() != "{":
            document.value()
            return
        builder = ChatBuilder(self.platform, settings.max_lines)
        builders.append(builder)
        for key in document.members():
            if key == "messages" and document.peek() == "[":
                for _ in document.items():
                    record = document.value()
                    builder.add(_read(record, builder.names) if isinstance(record, dict) else None)
            elif account and key in ("chats", "left_chats") and document.peek() == "{":
                self._listed(document, settings, builders)
            else:
                value = document.value()
                builder.names |= {text_of(value)} if key == "name" else set()

    def _listed(
        self, document: JsonStream, settings: Settings, builders: list[ChatBuilder]
    ) -> None:
        for key in document.members():
            if key == "list" and document.peek() == "[":
                for _ in document.items():
                    self._chat(document, settings, builders)
            else:
                document.value()


def _read(record: dict[str, Any], names: set[str]) -> Entry | None:
    when = _time(record)
    if when is None:
        return None
    names.update(text_of(record.get(key)) for key in NAMING)
    names.update(
        text_of(one.get("from"))
        for reaction in dicts(record.get("reactions"))
        for one in dicts(reaction.get("recent"))
    )
    names.update(
        text_of(piece.get("text"))
        for piece in dicts(record.get("text"))
        if piece.get("type") == MENTION_BY_NAME
    )
    if record.get("type") == "service":
        return _service(record, when, names)
    kind, text = _content(record, names)
    # A deleted account keeps its number and has no name.
    sender = text_of(record.get("from")) or text_of(record.get("from_id"))
    return Entry(when, sender or None, kind, text)


def _time(record: dict[str, Any]) -> datetime | None:
    when = at_seconds(record.get("date_unixtime"))
    if when:
        return when
    try:  # before 2021 only the exporting computer's local time was written
        return datetime.fromisoformat(text_of(record.get("date"))).replace(tzinfo=LONDON)
    except ValueError:
        return None


def _service(record: dict[str, Any], when: datetime, names: set[str]) -> Entry:
    actor, action = text_of(record.get("actor")), text_of(record.get("action"))
    if action == CALL:
        return Entry(when, actor or None, MessageKind.CALL, "")
    members = record.get("members")
    names.update(text_of(name) for name in (members if isinstance(members, list) else []))
    names.update((actor, text_of(record.get("title"))))
    return Entry(when, None, MessageKind.SYSTEM, action)


def _content(record: dict[str, Any], names: set[str]) -> tuple[MessageKind, str]:
    if isinstance(record.get("poll"), dict):
        return MessageKind.POLL, _poll(record["poll"])
    if "location_information" in record:
        return MessageKind.LOCATION, ""
    contact = record.get("contact_information")
    if isinstance(contact, dict):
        names.update((text_of(contact.get("first_name")), text_of(contact.get("last_name"))))
        return MessageKind.CONTACT, ""
    text = join_text(record.get("text"))
    if record.get("media_type") == "sticker":
        return MessageKind.STICKER, ""
    return (
        MessageKind.MEDIA if any(key in record for key in MEDIA_KEYS) else MessageKind.TEXT
    ), text


def join_text(text: object) -> str:
    """Telegram's text, a string or a list of strings and ``{"text": …}``, with nothing between."""
    if isinstance(text, list):
        return "".join(p if isinstance(p, str) else text_of(p.get("text")) for p in _pieces(text))
    return text_of(text)


def _pieces(text: list[Any]) -> list[Any]:
    return [piece for piece in text if isinstance(piece, str | dict)]


def _poll(poll: dict[str, Any]) -> str:
    """Question and options with their votes, one a line."""
    options = (
        f"{join_text(a.get('text'))} ({a.get('voters', 0)})" for a in dicts(poll.get("answers"))
    )
    return "\n".join((join_text(poll.get("question")), *options))


FORMAT = Telegram()
