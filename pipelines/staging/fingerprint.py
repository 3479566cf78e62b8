"""Recognise the same message in two exports, without keeping its minute or its words.

Two members' exports of one chat differ in the marks around a mention, in how media and deletions
are worded, and in seconds. What is left after ``normalise`` is the same in both.
"""

from __future__ import annotations

import re
import unicodedata

from pipelines.contracts import Message, MessageKind
from pipelines.keys import Keys

# Shorter texts ("ok", "on my way", "happy birthday mate") are said by anybody at any minute.
MIN_DISTINCTIVE_CHARS = 20
SECONDS_PER_MINUTE = 60

# Each exporter sees their own address book's name for the person mentioned.
MENTION = re.compile(r"@(?:\u2068[^\u2069]*\u2069|\S+)")
EDITED = re.compile(r"<this message was edited>$")


def fingerprint(message: Message, keys: Keys) -> bytes:
    """Keyed code (16 bytes) of the message's minute, kind and normalised text."""
    minute = int(message.sent_at.timestamp()) // SECONDS_PER_MINUTE
    return keys.pseudonymise("fingerprint", str(minute), message.kind.value, words(message))


def is_distinctive(message: Message) -> bool:
    """Whether the text is long enough for a match to be more than a coincidence."""
    return len(words(message)) >= MIN_DISTINCTIVE_CHARS


def words(message: Message) -> str:
    """Normalised text; empty for kinds whose wording is the phone's and not the sender's."""
    return normalise(message.text) if message.kind is MessageKind.TEXT else ""


def normalise(text: str) -> str:
    """One spelling for the same text: no marks, no case, no mention's name, single spaces."""
    text = MENTION.sub("@", text)
    plain = text.isascii()  # most is: then there are neither other forms nor marks
    text = (text if plain else unicodedata.normalize("NFKC", text)).casefold()
    if not plain:
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(EDITED.sub("", text.strip()).split())
