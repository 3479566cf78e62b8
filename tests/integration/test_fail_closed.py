"""Whatever goes wrong with a message, it is withheld whole and counted; the others are not."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer

from pipelines.classify.classifier import Classifier
from pipelines.contracts import Chat, CleanMessage, LineTally, Message, MessageKind, Unclassified
from pipelines.deidentify import engine as engine_module
from pipelines.deidentify.deadline import Deadline, OverrunError
from pipelines.deidentify.engine import MAX_CHARS, Deidentifier
from pipelines.deidentify.entities import UNPROCESSED
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.scrub import scrub
from pipelines.settings import Settings

LIMIT = 0.3  # seconds a message, for a test that has to wait it out
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def chat(*lines: str) -> Chat:
    messages = [Message(n, NOON, "P", MessageKind.TEXT, text) for n, text in enumerate(lines)]
    return Chat("whatsapp", messages, LineTally())


def texts(messages: Sequence[CleanMessage]) -> list[str]:
    return [message.text for message in messages]


class Raises(TokenRecognizer):
    """Fails on one word, quoting the message."""

    def find(self, text, tokens):  # type: ignore[no-untyped-def]
        if "trouble" in text:
            raise RuntimeError(text)
        return []


class RaisesLate(Raises):
    """The same, after its first finding: ``find`` is a generator."""

    def find(self, text, tokens):  # type: ignore[no-untyped-def]
        for token in tokens:
            if token.low == "trouble":
                raise RuntimeError(text)
        yield from ()


class Spins(Raises):
    """Never ends, in Python: only an interrupt gets it out."""

    def find(self, text, tokens):  # type: ignore[no-untyped-def]
        while "trouble" in text:
            pass
        return []


class SwallowsAndSpins(Spins):
    """Catches the first interrupt, as careless code does, and goes on."""

    def find(self, text, tokens):  # type: ignore[no-untyped-def]
        try:
            return super().find(text, tokens)
        except Exception:
            return []


class Sleeps(Raises):
    """Waits past the limit without using the processor: nothing can cut that short."""

    def find(self, text, tokens):  # type: ignore[no-untyped-def]
        if "trouble" in text:
            time.sleep(2 * LIMIT)
        return []


class Backtracks(PatternRecognizer):
    """A pattern that takes for ever on a row of a's."""

    HINT = "trouble"

    def __init__(self) -> None:
        super().__init__("PERSON", patterns=[Pattern("slow", r"trouble (a|aa)+$", 0.9)])


class SpinningEncoder:
    """A name model that never ends on one text, nor on a batch with that text in it."""

    def find(self, texts):  # type: ignore[no-untyped-def]
        while any("trouble" in text for text in texts):
            pass
        return [[] for _ in texts]


class FailingEncoder:
    """A name model that fails on one text, and on a batch with that text in it."""

    def find(self, texts):  # type: ignore[no-untyped-def]
        if any("trouble" in text for text in texts):
            raise MemoryError
        return [[] for _ in texts]


BAD = "Grzbiet has trouble " + "a" * 40 + "!"
GOOD = "all fine here, off at ten"


@pytest.mark.parametrize(
    "recogniser",
    [
        Raises(),
        RaisesLate(),
        Spins(),
        SwallowsAndSpins(),
        Sleeps(),
        Backtracks(),
        NameModel(FailingEncoder()),
        NameModel(SpinningEncoder()),
    ],
    ids=lambda r: type(getattr(r, "_encoder", r)).__name__,
)
def test_a_message_that_fails_or_takes_too_long_is_withheld_alone(
    recogniser: EntityRecognizer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    engine = Deidentifier([recogniser], message_seconds=LIMIT)
    cleaned = engine.deidentify(chat(BAD, GOOD, GOOD))
    assert texts(cleaned) == [UNPROCESSED, GOOD, GOOD]
    assert [m.unclassified for m in cleaned] == [Unclassified.UNPROCESSED, None, None]
    said = caplog.text + "".join(capfd.readouterr())
    assert "Grzbiet" not in said
    risks = Classifier.load().classify(cleaned)
    assert (risks[0].probabilities, risks[0].flags) == ({}, ())


def test_outside_the_main_thread_the_check_afterwards_still_withholds() -> None:
    engine = Deidentifier([Sleeps()], message_seconds=LIMIT)
    found: list[CleanMessage] = []
    before = threading.active_count()
    worker = threading.Thread(target=lambda: found.extend(engine.deidentify(chat(BAD, GOOD))))
    worker.start()
    worker.join()
    assert texts(found) == [UNPROCESSED, GOOD]
    assert threading.active_count() == before


@pytest.mark.parametrize("step", ["build_roster", "not_english", "tokenise", "every_word"])
def test_a_step_of_our_own_that_fails_withholds_what_it_was_doing(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Deidentifier()

    def fails(*_: object) -> None:
        raise RuntimeError(BAD)

    monkeypatch.setattr(engine_module, step, fails)
    cleaned = engine.deidentify(
        chat("nie wiem gdzie są klucze od garażu", "dzięki bardzo za wszystko")
    )
    assert texts(cleaned) == [UNPROCESSED] * 2


def test_a_message_over_the_length_limit_is_withheld_and_the_longest_is_not() -> None:
    longest = "off at ten " * (MAX_CHARS // 11)
    cleaned = Deidentifier.load().deidentify(chat("x " * MAX_CHARS, longest, GOOD))
    assert texts(cleaned) == [UNPROCESSED, longest, GOOD]


def test_a_limit_ends_with_its_piece_of_work() -> None:
    deadline = Deadline(seconds=60)
    with deadline.interrupting(), deadline.limit():
        deadline.check()
    with pytest.raises(OverrunError), deadline.interrupting():
        deadline.seconds = 0.05
        with deadline.limit():
            while True:
                pass
    deadline.check()  # nothing is in hand, so nothing is late


def test_the_count_reaches_the_summary_of_scrub(tmp_path: Path) -> None:
    export = tmp_path / "chat.txt"
    lines = ["x" * (MAX_CHARS + 1), GOOD, "nie wiem gdzie są klucze od garażu", GOOD]
    export.write_text(
        "".join(f"13/05/2026, 09:{15 + n} - Tamsin Vole: {line}\n" for n, line in enumerate(lines))
    )
    with (tmp_path / "out.jsonl").open("w") as out:
        summary = scrub(export, out, Settings(home=tmp_path))
    assert summary.as_dict()["unclassified"] == {"other_language": 1, "unprocessed": 1}
