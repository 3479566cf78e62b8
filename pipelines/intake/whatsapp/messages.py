"""Cuts to messages: system lines first, then the author, then what the body is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import compress, count, repeat
from typing import cast

from pipelines.contracts import LineTally, Message, MessageKind
from pipelines.intake.whatsapp.bodies import BodyReader
from pipelines.intake.whatsapp.ends import APP_CHARS, Ends, first_chars, last_chars
from pipelines.intake.whatsapp.pasted import Settled
from pipelines.intake.whatsapp.wording import INVISIBLE, Wordings, plain

ISOLATE = "\u2068"  # before a name that is mentioned
UNKNOWN_APP_LINE = "unknown_app_line"
# What the first or last character of anything but text can be, besides the tables' wordings.
FIRST_OF_APP = frozenset(INVISIBLE + "<")
FIRST_MARK = re.compile(rf"\A(?:[{INVISIBLE}<]|\Z)")
LAST_MARK = re.compile(r"[)>\r]\Z")  # the last is left over from a line end
# Makes a message of a tuple of all its fields without a call into Python.
_new_message = cast(Callable[[tuple[object, ...]], Message], partial(tuple.__new__, Message))


Read = tuple[MessageKind, str | None, str]
"""Kind, sender and text."""


class _Once(dict[str | None, str | None]):
    """One text for all that somebody wrote."""

    def __missing__(self, name: str | None) -> str | None:
        self[name] = name
        return name


@dataclass(slots=True)
class MessageReader:
    """Makes messages of cuts, and remembers who wrote and who was named.

    ``bracketed``: iOS, where WhatsApp's own lines carry an author (the group's name or a
    member's). ``marked``: WhatsApp's own mark is in the file, and so starts every such line.
    """

    wordings: Wordings
    tally: LineTally
    bracketed: bool
    marked: bool
    names: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    _people: _Once = field(default_factory=lambda: _Once({None: None}), repr=False)
    _starts: Ends = field(init=False, repr=False)
    _ends: Ends = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._starts = Ends(self.wordings.app_starts, FIRST_MARK)
        self._ends = Ends(self.wordings.app_ends, LAST_MARK)

    def read(self, batches: Iterable[Settled]) -> Iterator[list[Message]]:
        """Messages in order, many at a time; their lines go to the tally as they are made, and at
        the end every line is accounted for.
        """
        seq = 0
        for times, written, lines, more in batches:
            authors = list(map(self._people.__getitem__, written))
            self.tally.lines_in_messages += len(times)
            texts, one = repeat(MessageKind.TEXT), repeat(1)
            rows = zip(count(seq), times, authors, texts, lines, one)
            messages = list(map(_new_message, rows))
            for place in self._remarkable(authors, lines, more):
                author, when = authors[place], times[place]
                kind = None if more[place] else self.wordings.bodies.get(lines[place])
                if kind and author in self.authors:  # most often
                    messages[place] = _new_message((seq + place, when, author, kind, "", 1))
                    continue
                piece = lines[place] + more[place]
                messages[place] = self._look_closely(seq + place, when, author, piece)
            yield messages
            seq += len(times)
        self.tally.check()

    def _remarkable(
        self, authors: Sequence[str | None], lines: Sequence[str], more: Sequence[str]
    ) -> list[int]:
        """Where there is anything but text on one line by somebody known: a small part of most
        chats, told in one go.
        """
        known = self.authors
        if self.bracketed:  # a line that starts with its author's name may be WhatsApp's
            known = {name for name in known if len(name) >= APP_CHARS}
            self._starts.add(map(first_chars, known))
        every = range(len(lines))
        places = {
            *compress(every, more),
            *compress(every, map(self._starts.__getitem__, map(first_chars, lines))),
            *compress(every, map(self._ends.__getitem__, map(last_chars, lines))),
        }
        if ISOLATE in "".join(lines):
            places.update(place for place in every if ISOLATE in lines[place])
        if strangers := {*authors} - known:
            places.update(place for place in every if authors[place] in strangers)
        return sorted(places)

    def _look_closely(self, seq: int, when: datetime, author: str | None, piece: str) -> Message:
        more_lines = piece.count("\n")
        self.tally.lines_in_messages += more_lines
        said = piece.rstrip("\r\n")
        if "\r" in said:
            said = said.replace("\r\n", "\n")
        read = self._said_by(author, said) if author and author in self.authors else None
        kind, sender, text = read or self._of_anybody(author, said)
        return _new_message((seq, when, sender, kind, text, 1 + more_lines))

    def _said_by(self, author: str, said: str) -> Read | None:
        """What somebody known said, where that is told by a look at its ends."""
        if self._is_text(author, said):
            return MessageKind.TEXT, author, said
        kind = self.wordings.bodies.get(said)
        return None if kind is None else (kind, author, "")

    def _is_text(self, author: str, said: str) -> bool:
        first = said.partition("\n")[0]
        return not (
            self._starts[first_chars(said)]
            or self._ends[last_chars(said)]
            or self._ends[last_chars(first)]
            or (self.bracketed and said.startswith(author))
            or ISOLATE in said
        )

    def _of_anybody(self, author: str | None, said: str) -> Read:
        body = said if author is None else f"{author}: {said}"
        if author not in self.authors:
            first = plain(body.partition("\n")[0])
            kind = self.wordings.bodies.get(first)
            if kind is not None:  # a call: on Android nobody is named
                return kind, None, ""
            names = self.wordings.find_system(first)
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
        if self.marked and not by_app and not said.startswith(author):
            return None
        names = self.wordings.find_system(plain(said))
        if names is None:
            return None
        if self.marked and not by_app and set(names) != {plain(author)}:
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
