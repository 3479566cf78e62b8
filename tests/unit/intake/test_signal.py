"""Signal's own plaintext export, and the text of the signal-export tool."""

from __future__ import annotations

import json

from tests.unit.intake.chat_files import read_text, rows

FRAMES = [
    {"version": "1", "backupTimeMs": "1700000000000"},
    {"recipient": {"id": "1", "self": {}}},
    {"recipient": {"id": "2", "contact": {"profileGivenName": "Ann", "profileFamilyName": "Lee"}}},
    {"recipient": {"id": "3", "group": {"snapshot": {"title": {"title": "Team Harrow"}}}}},
    {"chat": {"id": "7", "recipientId": "3"}},
]


def item(**fields: object) -> dict[str, object]:
    base = {"chatId": "7", "authorId": "2", "dateSent": "1700000000000"}
    return {"chatItem": base | fields}


def jsonl(*frames: object) -> str:
    return "".join(json.dumps(frame) + "\n" for frame in frames)


def test_the_plaintext_export() -> None:
    said = {"text": {"body": "on my way"}}
    chat = read_text(
        jsonl(
            *FRAMES,
            item(standardMessage=said),
            item(authorId="1", standardMessage=said | {"attachments": [{}]}),
            item(stickerMessage={}),
            item(remoteDeletedMessage={}),
            item(updateMessage={"individualCall": {}}),
            item(updateMessage={"groupChange": {}}),
        ),
        "main.jsonl",
    )
    assert rows(chat) == [
        ("2023-11-14 22:13:20", "Ann Lee", "text", "on my way"),
        ("2023-11-14 22:13:20", "Me", "media", "on my way"),
        ("2023-11-14 22:13:20", "Ann Lee", "sticker", ""),
        ("2023-11-14 22:13:20", "Ann Lee", "deleted", ""),
        ("2023-11-14 22:13:20", "Ann Lee", "call", ""),
        ("2023-11-14 22:13:20", None, "system", "groupChange"),
    ]
    assert chat.names == {"Team Harrow"}
    assert (chat.tally.lines_in, dict(chat.tally.rejected)) == (11, {"not_a_message": 5})


def test_the_signal_export_tools_text() -> None:
    chat = read_text(
        "[2019-12-24, 12:23] Ann: Hello\nagain\n"
        "[2019-12-24, 12:24] Me: ![photo](./media/1.jpg) look (- Ann: 👍, Bob: 😁 -)\n",
        "chat.md",
    )
    assert chat.platform == "signal"
    assert rows(chat) == [
        ("2019-12-24 12:23:00", "Ann", "text", "Hello\nagain"),
        ("2019-12-24 12:24:00", "Me", "media", "look"),
    ]
    assert chat.names == {"Ann", "Bob"}


def test_whatsapps_bracketed_iso_dates_are_not_taken_for_signals() -> None:
    assert read_text("[2019-12-24, 12:23:45] Ann: Hello\n").platform == "whatsapp"
