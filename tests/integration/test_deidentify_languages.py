"""Chats in other languages, and in two at once: what is left of them. Everything is invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import regex

from bench.language_eval import ENGLISH, SENTENCES
from pipelines.contracts import Chat, CleanMessage, LineTally, Message, MessageKind, Unclassified
from pipelines.deidentify.engine import Deidentifier

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OTHER = Unclassified.OTHER_LANGUAGE


@pytest.fixture(scope="module")
def engine() -> Deidentifier:
    return Deidentifier.load()


def chat(*lines: tuple[str | None, str], names: Sequence[str] = ()) -> Chat:
    messages = [
        Message(n, NOON, sender, MessageKind.TEXT if sender else MessageKind.SYSTEM, text)
        for n, (sender, text) in enumerate(lines)
    ]
    return Chat("whatsapp", messages, LineTally(), frozenset(names))


def shown(messages: Sequence[CleanMessage]) -> list[tuple[str, Unclassified | None]]:
    return [(message.text, message.unclassified) for message in messages]


def test_a_polish_member_of_an_english_chat(engine: Deidentifier) -> None:
    cleaned = engine.deidentify(
        chat(
            (None, "Kasia Nowak added Tom Ashdown"),
            ("Tom Ashdown", "anyone got the spare van keys"),
            ("Kasia Nowak", "nie wiem gdzie są, zapytaj Zbyszka albo Agnieszkę 😀"),
            ("Kasia Nowak", "będę za dziesięć minut, tel 07700 900123, kasia@example.com"),
            ("Kasia Nowak", "Wojtek mówi: ok, lol"),
            ("Tom Ashdown", "cheers Kasia, is Zbyszek off today?"),
        )
    )
    assert shown(cleaned) == [
        ("<PERSON> added <PERSON>", None),
        ("anyone got the spare van keys", None),
        ("<OTHER_LANGUAGE> 😀", OTHER),
        ("<OTHER_LANGUAGE> <PHONE>, <EMAIL>", OTHER),
        ("<OTHER_LANGUAGE>: <OTHER_LANGUAGE>, lol", OTHER),
        ("cheers <PERSON>, is <PERSON> off today?", None),
    ]
    for message in cleaned:
        for entity in message.entities:
            assert message.text[entity.start : entity.end] == f"<{entity.type}>"


def test_a_chat_in_gurmukhi_with_an_english_line(engine: Deidentifier) -> None:
    cleaned = engine.deidentify(
        chat(
            ("ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "ਅੱਜ ਰਾਤ ਹਰਜੀਤ ਹੈ, 07700 900123"),
            ("ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "ਠੀਕ ਹੈ"),
            ("Tom", "is ਗੁਰਪ੍ਰੀਤ on lates or earlies this week?"),
        )
    )
    assert shown(cleaned) == [
        ("<OTHER_LANGUAGE>, <PHONE>", OTHER),
        ("<OTHER_LANGUAGE>", OTHER),
        ("is <OTHER_LANGUAGE> on lates or earlies this week?", None),
    ]


def test_lines_by_nobody_in_a_chat_that_is_not_english(engine: Deidentifier) -> None:
    cleaned = engine.deidentify(
        chat(
            (None, "Zbyszek utworzył grupę, dodano Agnieszkę"),
            ("Zbyszek", "nie wiem gdzie są klucze od garażu"),
            ("Zbyszek", "będę za dziesięć minut, poczekajcie na mnie"),
        )
    )
    assert all(message.unclassified is OTHER for message in cleaned)
    assert not regex.search(r"Zbyszek|Agnieszk", " ".join(m.text for m in cleaned))


def test_the_same_words_by_two_authors_are_judged_apart(engine: Deidentifier) -> None:
    polish = ["nie wiem gdzie są klucze", "będę za dziesięć minut", "zapytaj go jutro rano", "no"]
    english = ["who has the van keys", "off at ten then", "see you at the station", "no"]
    cleaned = engine.deidentify(chat(*(("A", t) for t in polish), *(("B", t) for t in english)))
    assert [m.unclassified for m in cleaned] == [OTHER] * 4 + [None] * 4
    assert (cleaned[3].text, cleaned[7].text) == ("<OTHER_LANGUAGE>", "no")


LANGUAGES = sorted({p.stem for p in SENTENCES.glob("*/*.txt")} - {ENGLISH})


def sentences(language: str) -> list[str]:
    """Of both parts, names in braces."""
    parts = (SENTENCES / part / f"{language}.txt" for part in ("dev", "check"))
    return [line for path in parts if path.exists() for line in read(path)]


def read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_survives_in_a_language_nobody_here_reads(
    engine: Deidentifier, language: str
) -> None:
    lines = sentences(language)
    names = {
        part
        for line in lines
        for name in regex.findall(r"\{(.*?)\}", line)
        for part in name.split()
    }
    plain = [line.replace("{", "").replace("}", "") for line in lines]
    around = [("E", "who is on lates tonight"), ("E", "the van is back in the yard")]
    cleaned = engine.deidentify(chat(*(("P", line) for line in plain), *around))
    left = {name for name in names for m in cleaned if name in m.text}
    assert names
    assert left == set()
    marked = sum(message.unclassified is OTHER for message in cleaned[: len(plain)])
    assert marked == len(plain)
    assert [m.unclassified for m in cleaned[-2:]] == [None, None]
