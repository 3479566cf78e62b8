"""JSON read value by value: the same values as read whole, whatever the blocks they come in."""

from __future__ import annotations

import io
import json

import pytest

from pipelines.errors import QuarantineError, Reason
from pipelines.intake import json_stream
from pipelines.intake.json_stream import JsonStream

DOCUMENT = {"a": [1, 12345678901234567890, 1.5e3], "b": {"c": "é 👍 \ud83d"}, "d": [], "e": {}}


class Trickle(io.StringIO):
    """Text that comes one character at a time."""

    def read(self, size: int | None = -1) -> str:
        return super().read(1)


def read(text: str) -> dict[str, list[object]]:
    """Every member of an object of lists and objects, item by item."""
    stream = JsonStream(Trickle(text))
    found: dict[str, list[object]] = {}
    for key in stream.members():
        if stream.peek() == "[":
            found[key] = [stream.value() for _ in stream.items()]
        else:
            found[key] = [stream.value() for _ in stream.members()]
    stream.end()
    return found


@pytest.mark.parametrize("indent", [None, 1])
def test_it_reads_what_json_reads(indent: int | None) -> None:
    assert read(json.dumps(DOCUMENT, indent=indent)) == {
        "a": [1, 12345678901234567890, 1500.0],
        "b": ["é 👍 \ud83d"],
        "d": [],
        "e": [],
    }


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"a": [1', '{"a": [1,]}', '{"a": [1 2]}', '{"a" [1]}', '{"a": [1]} x'],
)
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(QuarantineError) as refusal:
        read(text)
    assert refusal.value.reason is Reason.NOT_A_CHAT


def test_a_value_without_end_is_not_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_VALUE_CHARS", 50)
    text = Trickle('{"a": ["' + "x" * 1000)
    stream = JsonStream(text)
    next(stream.members())
    with pytest.raises(QuarantineError):
        stream.value()
    assert text.tell() < 100
