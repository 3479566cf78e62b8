"""Cuts to messages: system lines first, then the author, then what the body is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count, repeat
from typing import cast

from pipelines.contracts import LineTally, Message, MessageKind
from pipelines.intake.whatsapp.bodies import BodyReader
from pipelines.intake.whatsapp.pasted import Settled
from pipelines.intake.whatsapp.survey import ISOLATE, OWN_MARK
from pipelines.intake.whatsapp.wording import APP_CHARS, INVISIBLE, Wordings, plain

UNKNOWN_APP_LINE = "unknown_app_line"
# What the first or last character of anything but text can be, besides the tables' wordings.
FIRST_OF_APP = frozenset(INVISIBLE + "<")
LAST_OF_APP = frozenset(")>")
ENDS = LAST_OF_APP | {"\r"}  # the last is left over from a line end
FIRST_MARK = min(INVISIBLE)
# Makes a message of a tuple of all its fields without a call into Python.
_new_message = cast(Callable[[tuple[object, ...]], Message], partial(tuple.__new__, Message))


Read = tuple[MessageKind, str | None, str]
"""Kind, sender and text."""


@dataclass(slots=True)
class MessageReader:
    """Makes messages of cuts, and remembers who wrote and who was named.

    ``bracketed``: iOS, where WhatsApp's own lines carry an author (the group's name or a
    member's). ``seen``: what the survey saw; WhatsApp's mark then starts every such line.
    """

    wordings: Wordings
    tally: LineTally
    bracketed: bool
    seen: Collection[str] = ()
    names: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)

    def read(self, batches: Iterable[Settled]) -> Iterator[Message]:
        """Messages in order; their lines go to the tally as they are made, and at the end every
        line is accounted for.
        """
        seq = 0
        for times, authors, lines, more in batches:
            self.tally.lines_in_messages += len(times)
            texts, one = repeat(MessageKind.TEXT), repeat(1)
            rows = zip(count(seq), times, authors, texts, lines, one)
            messages = list(map(_new_message, rows))
            for place in self._remarkable(authors, lines, more):
                author, line = authors[place], lines[place] or ""
                kind = None if more[place] else self.wordings.bodies.get(line)
                if kind and author in self.authors:  # most often
                    messages[place] = Message(seq + place, times[place], author, kind, "")
                    continue
                piece = line + more[place]
                messages[place] = self._look_closely(seq + place, times[place], author, piece)
            yield from messages
            seq += len(times)
        self.tally.check()

    def _remarkable(
        self, authors: Sequence[str | None], lines: Sequence[str | None], more: Sequence[str]
    ) -> list[int]:
        """Where there is anything but text on one line by somebody known: a small part of most
        chats, told in one go.
        """
        starts, ends, known = self.wordings.app_starts, self.wordings.app_ends, self.authors
        if self.bracketed:  # a line that starts with its author's name may be WhatsApp's
            starts = starts | {name[:APP_CHARS] for name in known}
            known = {name for name in known if len(name) >= APP_CHARS}
        isolates = ISOLATE in self.seen
        return [
            place
            for place, (author, line, rest) in enumerate(zip(authors, lines, more, strict=True))
            if rest
            or not line
            or author not in known
            or line[:APP_CHARS] in starts
            or line[-APP_CHARS:] in ends
            or line[-1] in ENDS
            or line >= FIRST_MARK
            or (isolates and ISOLATE in line)
        ]

    def _look_closely(self, seq: int, when: datetime, author: str | None, piece: str) -> Message:
        more_lines = piece.count("\n")
        self.tally.lines_in_messages += more_lines
        said = piece.rstrip("\r\n").replace("\r\n", "\n")
        read = self._said_by(author, said) if author and author in self.authors else None
        kind, sender, text = read or self._of_anybody(author, said)
        return Message(seq, when, sender, kind, text, 1 + more_lines)

    def _said_by(self, author: str, said: str) -> Read | None:
        """What somebody known said, where that is told by a look at its ends."""
        kind = self.wordings.bodies.get(said)
        if kind is not None:
            return kind, author, ""
        if self.bracketed and said.startswith(author):
            return None
        first = said.partition("\n")[0]
        ends = self.wordings.app_ends
        if (
            said[:1] in FIRST_OF_APP
            or said[:APP_CHARS] in self.wordings.app_starts
            or any(t[-1:] in LAST_OF_APP or t[-APP_CHARS:] in ends for t in (first, said))
            or "\u2068" in said
        ):
            return None
        return MessageKind.TEXT, author, said

    def _of_anybody(self, author: str | None, said: str) -> Read:
        body = said if author is None else f"{author}: {said}"
        first = body.partition("\n")[0]
        if author not in self.authors:
            kind = self.wordings.bodies.get(plain(first))
            if kind is not None:  # a call: on Android nobody is named
                return kind, None, ""
            names = self.wordings.find_system(plain(first))
            if names is not None:
                return self._system(body, names)
        author, said = _split(body)
        if author is None:
            return self._system(body, [])
        if self.bracketed and (found := self._system_of(author, said)) is not None:
            return found
        return self._authored(author, said)

    def _system_of(self, author: str, said: str) -> Read | None:
        """A system line under a member's or the group's name, as iOS writes them."""
        by_app = said[:1] in FIRST_OF_APP
        marked = OWN_MARK in self.seen
        if marked and not by_app and not said.startswith(author):
            return None
        names = self.wordings.find_system(plain(said))
        if names is None:
            return None
        if marked and not by_app and set(names) != {plain(author)}:
            return None  # only who left or joined stands alone in such a line
        own = plain(author) in names
        if not by_app and not own and author in self.authors:
            return None  # somebody wrote "Ann left" themselves
        if not own and author not in self.authors:
            self.groups.add(author)
        self.names.add(plain(author))
        return self._system(said, names)

    def _system(self, text: str, names: Iterable[str]) -> Read:
        self.names.update(names)
        return MessageKind.SYSTEM, None, text.lstrip(INVISIBLE)

    def _authored(self, author: str, said: str) -> Read:
        body = BodyReader(self.wordings).read(said)
        self.names.update(body.names)
        unknown = body.kind is MessageKind.TEXT and self.bracketed and said.startswith("\u200e")
        if unknown:
            self.tally.suspicious[UNKNOWN_APP_LINE] += 1
        if unknown and author in self.groups:
            return self._system(said, [])
        if body.kind is MessageKind.TEXT:
            self.groups.discard(author)
        elif author in self.groups:
            return body.kind, None, body.text
        self.authors.add(author)
        return body.kind, author, body.text


def _split(body: str) -> tuple[str | None, str]:
    """Author and body; no author where the first line names none. A bare ``Ann:`` said nothing."""
    first, newline, rest = body.partition("\n")
    author, colon, said = first.partition(": ")
    if colon:
        return author, said + newline + rest
    if first.endswith(":"):
        return first[:-1], rest
    return None, body
