"""Reads hand-annotated chats: those trained on, those tuned on and those only measured on.

A chat is one text file, made to be read and corrected by a person::

    # anything after a hash at the start of a line is a comment
    dw = Dave Whittle            the roster: a short key, then the display name in the chat
    sa = Shaz

    dw> anyone seen [[Shaz|PERSON]]? she's at [[14 Alder Close|ADDRESS]]
      a line indented by two spaces continues the message before
    sa> here, on the [[Greggs|?]] run

``[[surface|TYPE]]`` marks an identity by what its placeholder should say (``PERSON``,
``VEHICLE``…). ``?`` marks words whose redaction is a matter of taste (brands, football clubs,
public places of no consequence): they count neither as an identity nor as over-redaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.contracts import Chat, LineTally, Message, MessageKind
from pipelines.deidentify.training.example import Span

OPTIONAL = "?"
TYPES = frozenset(
    [
        "PERSON",
        "LOCATION",
        "ORGANISATION",
        "PHONE",
        "EMAIL",
        "URL",
        "HANDLE",
        "VEHICLE",
        "POSTCODE",
        "ADDRESS",
        "DATE_OF_BIRTH",
        "NATIONAL_INSURANCE",
        "NHS_NUMBER",
        "DRIVING_LICENCE",
        "PASSPORT",
        "BANK_ACCOUNT",
        "CARD",
        "IBAN",
        "IP_ADDRESS",
        "DEVICE",
        "COLLAR_NUMBER",
        "PNC_ID",
        "CRIME_REFERENCE",
        "INCIDENT_NUMBER",
        "CUSTODY_NUMBER",
        "URN",
        "CALL_SIGN",
        "OPERATION",
        "WHAT3WORDS",
    ]
)

_MARK = re.compile(r"\[\[([^\[\]|]+)\|([A-Z_0-9]+|\?)\]\]")
_ROSTER_LINE = re.compile(r"(\w+) = (\S.*)")
_MESSAGE_LINE = re.compile(r"(\w+)> (\S.*)")
_CONTINUED = "  "
_FIRST_MESSAGE = datetime(2026, 3, 2, 6, 45, tzinfo=UTC)


class MarkupError(ValueError):
    """A chat file that does not follow the format; names the file and line."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """One message with its spans in order of position."""

    sender: str
    text: str
    spans: tuple[Span, ...] = ()

    @property
    def identities(self) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.type != OPTIONAL)

    def lowered(self) -> Annotated:
        """The same message in lower case; characters whose lower case is longer are kept."""
        text = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.text)
        return replace(self, text=text)


@dataclass(frozen=True, slots=True)
class AnnotatedChat:
    """One conversation. ``roster`` holds every display name, whether or not they wrote."""

    name: str
    roster: tuple[str, ...]
    messages: tuple[Annotated, ...]

    def lowered(self) -> AnnotatedChat:
        """Messages in lower case; the roster as the phone shows it."""
        return replace(self, messages=tuple(m.lowered() for m in self.messages))

    def as_chat(self) -> Chat:
        """What intake would hand on: roster members who never wrote joined by a system line."""
        wrote = {message.sender for message in self.messages}
        silent = frozenset(name for name in self.roster if name not in wrote)
        messages = [
            Message(
                seq=seq,
                sent_at=_FIRST_MESSAGE + timedelta(minutes=3 * seq),
                sender=message.sender,
                kind=MessageKind.TEXT,
                text=message.text,
                n_lines=message.text.count("\n") + 1,
            )
            for seq, message in enumerate(self.messages)
        ]
        n_lines = sum(message.n_lines for message in messages)
        tally = LineTally(lines_in=n_lines, lines_in_messages=n_lines)
        return Chat(platform="whatsapp", messages=messages, tally=tally, names=silent)


def parse_markup(marked: str) -> tuple[str, tuple[Span, ...]]:
    """Text without its marks, and the spans they stood for.

    >>> parse_markup("ring [[Macca|PERSON]]")
    ('ring Macca', (Span(start=5, end=10, type='PERSON'),))
    """
    pieces: list[str] = []
    spans: list[Span] = []
    length = done = 0
    for mark in _MARK.finditer(marked):
        surface, kind = mark.groups()
        if kind != OPTIONAL and kind not in TYPES:
            raise MarkupError(f"{kind} is not a placeholder type; see TYPES in this module")
        pieces += (marked[done : mark.start()], surface)
        start = length + mark.start() - done
        length = start + len(surface)
        done = mark.end()
        spans.append(Span(start, length, kind))
    pieces.append(marked[done:])
    text = "".join(pieces)
    if "[[" in text or "]]" in text:
        raise MarkupError("a mark is not closed or has no type; write [[surface|TYPE]]")
    return text, tuple(spans)


def parse_chat(name: str, source: str) -> AnnotatedChat:
    """One chat file. Raises ``MarkupError`` naming the file and line where it does not parse."""
    roster: dict[str, str] = {}
    messages: list[tuple[str, str]] = []
    for number, line in enumerate(source.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(_CONTINUED) and messages:
            sender, text = messages[-1]
            messages[-1] = (sender, f"{text}\n{line[len(_CONTINUED) :]}")
        elif (said := _MESSAGE_LINE.fullmatch(line)) and said[1] in roster:
            messages.append((roster[said[1]], said[2]))
        elif (member := _ROSTER_LINE.fullmatch(line)) and not messages:
            roster[member[1]] = member[2]
        else:
            raise MarkupError(f"{name} line {number} is neither a roster line nor a message")
    annotated = tuple(Annotated(sender, *parse_markup(text)) for sender, text in messages)
    return AnnotatedChat(name, tuple(roster.values()), annotated)


def load_chats(folder: Path) -> list[AnnotatedChat]:
    """Every ``*.txt`` in ``folder``, in order of name."""
    return list(_read(folder))


def _read(folder: Path) -> Iterator[AnnotatedChat]:
    for path in sorted(folder.glob("*.txt")):
        yield parse_chat(path.stem, path.read_text(encoding="utf-8"))
