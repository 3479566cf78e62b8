"""Messenger's two schemas and Instagram's: mojibake repaired, order restored, nothing dropped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.intake.meta import repair
from tests.unit.intake.chat_files import read_text, rows


def classic(*messages: dict[str, Any], **more: Any) -> str:
    """As Facebook writes it: newest first."""
    base = {"sender_name": "Ann", "timestamp_ms": 1600000000000}
    body = {"participants": [{"name": "Ann"}], "title": "Harrow", **more}
    return json.dumps(body | {"messages": [base | m for m in messages]})


def told(text: str) -> list[tuple[str | None, str, str]]:
    return [row[1:] for row in rows(read_text(text, "message_1.json"))]


@pytest.mark.parametrize(
    ("raw", "fixed"),
    [
        ("caf\u00c3\u00a9", "café"),
        ("\u00f0\u009f\u0091\u008d", "👍"),
        ("café", "café"),
        ("plain", "plain"),
        ("👍", "👍"),
        ("£5", "£5"),
    ],
)
def test_mojibake_is_repaired_only_where_it_is_mojibake(raw: str, fixed: str) -> None:
    assert repair(raw) == fixed


def test_newest_first_becomes_oldest_first_even_within_one_instant() -> None:
    text = classic(
        {"timestamp_ms": 1600000002000, "content": "last"},
        {"content": "second"},
        {"content": "first"},
    )
    assert [row[2] for row in told(text)] == ["first", "second", "last"]


def test_every_kind() -> None:
    text = classic(
        {"sticker": {"uri": "s.png"}},
        {"photos": [{"uri": "p.jpg"}], "content": "new kit"},
        {"type": "Call", "call_duration": 192},
        {"type": "Share", "share": {"link": "https://a.example"}},
        {"type": "Unsubscribe", "content": "Ann left the group"},
        {"content": "Liked a message"},
        {"content": "Bob reacted 👍 to your message "},
        {"content": "Dee joined the group.", "users": [{"name": "Dee"}]},
        {"content": "gone", "is_unsent": True},
        {"content": "plain"},
    )
    assert told(text)[::-1] == [
        ("Ann", "sticker", ""),
        ("Ann", "media", "new kit"),
        ("Ann", "call", ""),
        ("Ann", "text", "https://a.example"),
        (None, "system", "Ann left the group"),
        (None, "system", "Liked a message"),
        (None, "system", "Bob reacted 👍 to your message "),
        (None, "system", "Dee joined the group."),
        ("Ann", "deleted", ""),
        ("Ann", "text", "plain"),
    ]


def test_the_encrypted_schema() -> None:
    message = {"senderName": "Ann", "timestamp": 1600000000000, "type": "text", "media": []}
    text = json.dumps(
        {
            "participants": ["Ann", "Bob"],
            "threadName": "Harrow",
            "messages": [
                message | {"text": "caf\u00c3\u00a9?", "isUnsent": False},
                message | {"text": "oops", "isUnsent": True, "timestamp": 1600000001000},
                message | {"text": "", "media": [{"uri": "a.jpg"}], "timestamp": 1600000002000},
            ],
        }
    )
    chat = read_text(text, "Ann_1.json")
    assert [row[1:] for row in rows(chat)] == [
        ("Ann", "text", "café?"),
        ("Ann", "deleted", ""),
        ("Ann", "media", ""),
    ]
    assert chat.platform == "messenger"
    assert chat.names == {"Ann", "Bob", "Harrow"}


def test_instagram_is_told_from_messenger() -> None:
    path = "your_instagram_activity/messages/inbox/harrow/photos/1.jpg"
    message = {"content": "hi", "photos": [{"uri": path}]}

    assert read_text(classic(message)).platform == "instagram"
    assert read_text(classic({"content": "hi"})).platform == "messenger"
