"""Telegram's result.json: joined text, UTC times, service rows."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.intake.chat_files import read_text, rows

WHEN = "1544006350"  # 5 December 2018, 10:39:10 in London


def export(*messages: dict[str, Any]) -> str:
    rows = [{"type": "message", "date_unixtime": WHEN, "from": "Ann"} | m for m in messages]
    return json.dumps({"name": "Team Harrow", "type": "private_group", "messages": rows})


def told(*messages: dict[str, Any]) -> list[tuple[str | None, str, str]]:
    return [row[1:] for row in rows(read_text(export(*messages)))]


def test_pieces_of_text_are_joined_with_nothing_between() -> None:
    pieces = ["see ", {"type": "link", "text": "https://a.example"}, ",", {"text": "\nok"}]

    assert told({"text": pieces}) == [("Ann", "text", "see https://a.example,\nok")]


def test_times_are_utc_and_shown_in_london() -> None:
    summer = {"date_unixtime": "1528000000", "text": "hi"}

    assert rows(read_text(export(summer)))[0][0] == "2018-06-03 05:26:40"


def test_an_old_export_without_utc_times_is_local() -> None:
    old = {"date": "2018-06-03T13:55:00", "text": "hi"}
    messages = [{"type": "message", "from": "Ann", "from_id": "user1"} | old]

    assert rows(read_text(json.dumps({"messages": messages})))[0][0] == "2018-06-03 13:55:00"


def test_every_kind() -> None:
    poll = {"question": "Late?", "answers": [{"text": "yes", "voters": 3}]}
    assert told(
        {"text": "new kit", "photo": "photos/1.jpg"},
        {"text": "", "media_type": "sticker", "file": "s.webp"},
        {"text": "", "poll": poll},
        {"text": "", "location_information": {"latitude": 52.1, "longitude": 5.1}},
        {"text": "", "contact_information": {"first_name": "Sam", "last_name": "Hollow"}},
        {"type": "service", "actor": "Ann", "action": "phone_call"},
        {"type": "service", "actor": "Ann", "action": "invite_members", "members": ["Bob"]},
        {"text": "from nobody", "from": None, "from_id": "user12"},
    ) == [
        ("Ann", "media", "new kit"),
        ("Ann", "sticker", ""),
        ("Ann", "poll", "Late?\nyes (3)"),
        ("Ann", "location", ""),
        ("Ann", "contact", ""),
        ("Ann", "call", ""),
        (None, "system", "invite_members"),
        ("user12", "text", "from nobody"),
    ]


def test_people_and_groups_that_are_named_are_remembered() -> None:
    chat = read_text(
        export(
            {"text": "", "contact_information": {"first_name": "Sam", "last_name": "Hollow"}},
            {"text": "hi", "forwarded_from": "Joe Fenn"},
            {"type": "service", "actor": "Ann", "action": "invite_members", "members": ["Bob"]},
            {"text": ["ask ", {"type": "mention_name", "text": "Dee Marsh"}]},
            {"text": "ok", "reactions": [{"emoji": "👍", "recent": [{"from": "Cat Moss"}]}]},
        )
    )
    assert chat.names == {
        *("Team Harrow", "Sam", "Hollow", "Joe Fenn", "Ann", "Bob", "Dee Marsh", "Cat Moss")
    }


def test_a_record_without_a_time_is_rejected_and_counted() -> None:
    chat = read_text(export({"text": "a"}, {"date_unixtime": "soon", "text": "b"}))

    assert len(chat.messages) == 1
    assert (chat.tally.lines_in, dict(chat.tally.rejected)) == (2, {"unreadable_record": 1})


def test_a_lone_surrogate_becomes_encodable() -> None:
    assert told({"text": "a\ud83d"}) == [("Ann", "text", "a\ufffd")]
