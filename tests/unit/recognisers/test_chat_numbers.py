"""Numbers a chat has given away: known ones everywhere, and answers to whoever asked for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.contracts import Message, MessageKind
from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.recognisers.chat_numbers import ChatNumbers, answers, known_numbers
from pipelines.deidentify.text import tokenise

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _messages(*texts: str) -> list[Message]:
    return [Message(n, NOON, "Pip", MessageKind.TEXT, text) for n, text in enumerate(texts)]


def _found(recogniser: ChatNumbers, text: str) -> list[str]:
    return [text[f.start : f.end] for f in recogniser.find(text, tokenise(text))]


def test_answers_are_the_messages_soon_after_a_number_was_asked_for() -> None:
    chat = _messages(
        "morning", "whats the log number?", "one sec", "0871", "ta", "kettle", "3 sugars"
    )
    assert answers(chat) == {"whats the log number?", "one sec", "0871", "ta", "kettle"}


@pytest.mark.parametrize(
    ("answer", "redacted"),
    [
        ("0871, 0877 and mine 614", ["0871", "0877", "614"]),
        ("D390 mate", ["D390"]),
        ("200 mins", []),
        ("£300", []),
        ("back at 1430", []),
        ("13 or 14", []),
    ],
)
def test_an_answer_gives_up_every_number_long_enough(answer: str, redacted: list[str]) -> None:
    assert _found(ChatNumbers(frozenset(), asked=True), answer) == redacted
    assert _found(ChatNumbers(frozenset()), answer) == []


def test_a_number_found_for_sure_is_known_in_the_whole_chat() -> None:
    text = "custody no KX/4408/26, back at 1430"
    sure = Finding(11, 21, Kind.CUSTODY_NUMBER, 0.9)
    doubtful = Finding(31, 35, Kind.COLLAR_NUMBER, 0.5)
    known = known_numbers([(text, [sure, doubtful])])
    assert known == {"4408"}
    assert _found(ChatNumbers(known), "4408 wants a brew at 1430") == ["4408"]


def test_a_time_of_day_is_known_only_as_a_whole_number() -> None:
    text = "log 1430 of 2026"
    assert known_numbers([(text, [Finding(4, 16, Kind.INCIDENT_NUMBER, 0.9)])]) == frozenset()
    assert known_numbers([(text, [Finding(4, 8, Kind.INCIDENT_NUMBER, 0.9)])]) == {"1430"}
