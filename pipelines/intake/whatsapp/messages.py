"""Blocks to messages: system lines first, then the author, then what the body is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipelines.contracts import LineTally, Message, MessageKind
from pipelines.intake.whatsapp.blocks import Block, count_lines
from pipelines.intake.whatsapp.bodies import BodyReader
from pipelines.intake.whatsapp.wording import INVISIBLE, Wordings, plain

UNKNOWN_APP_LINE = "unknown_app_line"
# What the last or first character of anything but text can be, besides the tables' wordings.
FIRST_OF_APP = tuple(INVISIBLE + "<")
LAST_OF_APP = (")", ">")


@dataclass(slots=True)
class MessageReader:
    """Makes messages of blocks, and remembers who wrote and who was named.

    ``bracketed``: iOS, where WhatsApp's own lines carry an author (the group's name or a
    member's). ``marked``: the file has left-to-right marks, which then start every such line.
    """

    wordings: Wordings
    tally: LineTally
    bracketed: bool
    marked: bool
    names: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)

    def read(self, blocks: Iterable[Block]) -> Iterator[Message]:
        """Messages in order; their lines go to the tally as they are made."""
        authors, tally, text_kind = self.authors, self.tally, MessageKind.TEXT
        bodies = self.wordings.bodies
        starts = FIRST_OF_APP + tuple(start for start, _ in self.wordings.starts)
        ends = LAST_OF_APP + tuple(self.wordings.attached_ends)
        for seq, (when, end, raw, _) in enumerate(blocks):
            body = raw[end:].rstrip("\r\n")
            n_lines = 1
            if raw.find("\n") < len(raw) - 1:
                n_lines = count_lines(raw)
                body = body.replace("\r\n", "\n")
            tally.lines_in_messages += n_lines
            author, colon, said = body.partition(": ")
            plain_text = (
                colon
                and author in authors
                and said not in bodies
                and not said.startswith(starts)
                and not said.endswith(ends)
                and (n_lines == 1 or not said.partition("\n")[0].endswith(ends))
                and "\u2068" not in said
                and not (self.bracketed and said.startswith(author))
            )
            if plain_text:
                yield Message(seq, when, author, text_kind, said, n_lines)
            else:
                kind, sender, text = self._look_closely(body)
                yield Message(seq, when, sender, kind, text, n_lines)

    def _look_closely(self, body: str) -> tuple[MessageKind, str | None, str]:
        first = body.partition("\n")[0]
        kind = self.wordings.bodies.get(plain(first))
        if kind is not None:  # a call: on Android nobody is named
            return kind, None, ""
        names = self.wordings.find_system(plain(first))
        if names is not None and first.partition(": ")[0] not in self.authors:
            return self._system(body, names)
        author, said = _split(body)
        if author is None:
            return self._system(body, [])
        if self.bracketed and (found := self._system_of(author, said)) is not None:
            return found
        return self._authored(author, said)

    def _system_of(self, author: str, said: str) -> tuple[MessageKind, str | None, str] | None:
        """A system line under a member's or the group's name, as iOS writes them."""
        by_app = said.startswith(FIRST_OF_APP)
        if self.marked and not by_app:
            return None
        names = self.wordings.find_system(plain(said))
        if names is None:
            return None
        own = plain(author) in names
        if not by_app and not own and author in self.authors:
            return None  # somebody wrote "Ann left" themselves
        if not own and author not in self.authors:
            self.groups.add(author)
        self.names.add(plain(author))
        return self._system(said, names)

    def _system(self, text: str, names: Iterable[str]) -> tuple[MessageKind, None, str]:
        self.names.update(names)
        return MessageKind.SYSTEM, None, text.lstrip(INVISIBLE)

    def _authored(self, author: str, said: str) -> tuple[MessageKind, str | None, str]:
        body = BodyReader(self.wordings).read(said)
        self.names.update(body.names)
        if body.kind is MessageKind.TEXT:
            self.groups.discard(author)
        elif author in self.groups:
            return body.kind, None, body.text
        if body.kind is MessageKind.TEXT and self.bracketed and said.startswith("\u200e"):
            self.tally.suspicious[UNKNOWN_APP_LINE] += 1
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
