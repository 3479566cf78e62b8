"""Meta's JSON, shared by Messenger (classic and end-to-end encrypted) and Instagram."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.contracts import Chat, MessageKind
from pipelines.errors import QuarantineError, Reason
from pipelines.intake.json_stream import JsonStream, open_json
from pipelines.intake.parts import Part
from pipelines.intake.records import (
    ChatBuilder,
    Entry,
    at_milliseconds,
    built,
    dicts,
    text_of,
)
from pipelines.settings import Settings

CLASSIC = re.compile(r'"sender_name"[\s\S]*"timestamp_ms"|"timestamp_ms"[\s\S]*"sender_name"')
ENCRYPTED = re.compile(r'"senderName"')
MEDIA_KEYS = ("photos", "videos", "audio_files", "gifs", "files", "media")
SYSTEM_TYPES = ("Subscribe", "Unsubscribe")
# Written by Instagram in the place of text, in the language of the account: English here.
REACTION = re.compile(r"(.{1,100} )?([Ll]iked a message|[Rr]eacted \S+ to your message ?)")
ATTACHMENT = re.compile(r"(You|.{1,100}) sent (an attachment|a photo|a video|a voice message)\.")


def parse_thread(parts: Sequence[Part], platform: str, settings: Settings) -> list[Chat]:
    """One thread out of its numbered files, oldest message first."""
    builder = ChatBuilder(platform, settings.max_lines)
    for part in reversed(parts):  # the highest number is the oldest
        with open_json(part) as document:
            _read_file(document, builder)
    return built([builder])


def repair(text: str) -> str:
    """Undo Meta's UTF-8 written as Latin-1, only where the text is just that."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _read_file(document: JsonStream, builder: ChatBuilder) -> None:
    earlier, listed = len(builder.entries), False
    for key in _keys(document):
        if key == "messages" and document.peek() == "[":
            listed = True
            for _ in document.items():
                record = document.value()
                builder.add(_read(record, builder.names) if isinstance(record, dict) else None)
        else:
            builder.names |= set(_names(key, document.value()))
    if not listed:
        raise QuarantineError(
            Reason.NOT_A_CHAT, "The JSON file holds no messages: hand over the chat's own file."
        )
    # Files list the newest first; reversed, messages of the same instant keep their order.
    builder.entries[earlier:] = reversed(builder.entries[earlier:])


def _keys(document: JsonStream) -> Iterator[str]:
    if document.peek() == "{":
        yield from document.members()
    else:
        document.value()


def _names(key: str, value: Any) -> Iterator[str]:
    """Names in a thread's own description."""
    if key in ("title", "threadName"):
        yield repair(text_of(value))
    elif key == "participants" and isinstance(value, list):
        for person in value:
            yield repair(text_of(person.get("name") if isinstance(person, dict) else person))


def _read(record: dict[str, Any], names: set[str]) -> Entry | None:
    when = at_milliseconds(record.get("timestamp_ms", record.get("timestamp")))
    if when is None:
        return None
    names.update(_text(reaction, "actor") for reaction in dicts(record.get("reactions")))
    names.update(_text(user, "name") for user in dicts(record.get("users")))
    sender = _text(record, "sender_name") or _text(record, "senderName")
    kind, text = _content(record)
    if kind is MessageKind.SYSTEM:
        names.add(sender)
        return Entry(when, None, kind, text)
    return Entry(when, sender or None, kind, text)


def _content(record: dict[str, Any]) -> tuple[MessageKind, str]:
    text = _text(record, "content") or _text(record, "text")
    if record.get("isUnsent") is True or record.get("is_unsent") is True:
        return MessageKind.DELETED, ""
    joined = record.get("type") in SYSTEM_TYPES or bool(record.get("users"))
    if joined or REACTION.fullmatch(text):
        return MessageKind.SYSTEM, text
    if record.get("type") == "Call" or "call_duration" in record:
        return MessageKind.CALL, ""
    if "sticker" in record:
        return MessageKind.STICKER, ""
    if any(record.get(key) for key in MEDIA_KEYS):
        return MessageKind.MEDIA, "" if ATTACHMENT.fullmatch(text) else text
    return _shared(record.get("share"), text)


def _shared(share: object, text: str) -> tuple[MessageKind, str]:
    """A shared link is text; a shared post is the post's author's words and so is media."""
    if not isinstance(share, dict):
        return MessageKind.TEXT, text
    said = "" if ATTACHMENT.fullmatch(text) else text
    link = _text(share, "link")
    if link and link not in said:
        said = f"{said}\n{link}" if said else link
    return (MessageKind.TEXT if said else MessageKind.MEDIA), said


def _text(record: dict[str, Any], key: str) -> str:
    return repair(text_of(record.get(key)))
