"""The text that the signal-export tool writes: ``[2020-01-17, 21:49] Ann: Hello``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from pipelines.contracts import Chat, LineTally, Message, MessageKind
from pipelines.intake.parts import Part
from pipelines.intake.whatsapp.clock import Clock
from pipelines.intake.whatsapp.header import HEADER_AT_LINE_START, Style
from pipelines.intake.whatsapp.pasted import Settler
from pipelines.intake.whatsapp.reading import Reading, read_by_evidence
from pipelines.settings import Settings

# Attachments are Markdown links; reactions follow a message as "(- Ann: 👍 -)".
ATTACHMENT = re.compile(r"!?\[[^\]\n]*\]\([^)\n]*\)")
REACTIONS = re.compile(r"\n?\(- (?P<names>[^\n]*) -\)\s*$")


def is_signal(style: Style) -> bool:
    """An ISO date and no seconds in brackets; WhatsApp's brackets always have seconds."""
    iso = style.year_at == 0 and style.separators == ("-", "-")
    return bool(style.bracket) and iso and not style.second_separator


class SignalText:
    """``chat.md`` or ``index.txt`` of one conversation."""

    platform = "signal"

    def sniff(self, head: str) -> bool:
        shapes = HEADER_AT_LINE_START.findall("\n" + head.replace("\r\n", "\n"))
        first = next(filter(None, map(Style.of, shapes)), None)
        return first is not None and is_signal(first)

    def parse(self, parts: Sequence[Part], settings: Settings) -> list[Chat]:
        return [self._parse_one(part, settings) for part in parts]

    def _parse_one(self, part: Part, settings: Settings) -> Chat:
        messages, reading, notes = read_by_evidence(part, settings.max_lines, _messages_of)
        return Chat(self.platform, messages, reading.tally, frozenset(reading.names), notes)


def _messages_of(reading: Reading) -> list[Message]:
    style, tally, names = reading.look.style, reading.tally, reading.names
    clock = Clock(style, reading.look.order, tally.suspicious)
    settler = Settler(style, clock, tally, stray=False, names=names)
    batches = settler.settle(reading.cuts())
    pieces = [piece for batch in batches for piece in zip(*batch, strict=True)]
    return [_read(seq, piece, tally, names) for seq, piece in enumerate(pieces)]


def _read(
    seq: int,
    settled: tuple[datetime, str | None, str, str],
    tally: LineTally,
    names: set[str],
) -> Message:
    when, author, line, more = settled
    piece = line + more
    n_lines = 1 + piece.count("\n")
    tally.lines_in_messages += n_lines
    said = piece.rstrip("\r\n").replace("\r\n", "\n")
    if author is None:
        return Message(seq, when, None, MessageKind.SYSTEM, said.strip(), n_lines)
    reactions = REACTIONS.search(said)
    if reactions:
        names.update(r.partition(":")[0].strip() for r in reactions["names"].split(","))
        said = said[: reactions.start()]
    text = ATTACHMENT.sub("", said)
    kind = MessageKind.TEXT if text == said else MessageKind.MEDIA
    return Message(
        seq, when, author, kind, text.strip() if kind is MessageKind.MEDIA else text, n_lines
    )


FORMAT = SignalText()
