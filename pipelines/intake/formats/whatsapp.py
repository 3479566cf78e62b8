"""WhatsApp's text exports, from Android and iOS, in any of its languages and date styles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from pipelines.contracts import Chat, Message
from pipelines.intake.formats.signal_text import is_signal
from pipelines.intake.parts import Part
from pipelines.intake.whatsapp.clock import Clock
from pipelines.intake.whatsapp.header import HEADER_AT_LINE_START, Style
from pipelines.intake.whatsapp.messages import MessageReader
from pipelines.intake.whatsapp.pasted import Settler
from pipelines.intake.whatsapp.reading import Reading, read_by_evidence
from pipelines.intake.whatsapp.wording import load_wordings
from pipelines.settings import Settings


class WhatsApp:
    """``_chat.txt`` or ``WhatsApp Chat with ….txt``."""

    platform = "whatsapp"

    def sniff(self, head: str) -> bool:
        shapes = HEADER_AT_LINE_START.findall("\n" + head.replace("\r\n", "\n"))
        styles = filter(None, map(Style.of, shapes))
        return any(not is_signal(style) for style in styles)

    def parse(self, parts: Sequence[Part], settings: Settings) -> list[Chat]:
        return [self._parse_one(part, settings) for part in parts]

    def _parse_one(self, part: Part, settings: Settings) -> Chat:
        messages, reading, notes = read_by_evidence(
            part, settings.max_lines, lambda reading: list(messages_of(reading))
        )
        title = load_wordings().find_title(part.name)
        names = frozenset(reading.names | ({title} if title else set()))
        return Chat(self.platform, messages, reading.tally, names, notes)


def messages_of(reading: Reading) -> Iterator[Message]:
    """Every message in order, with memory flat however long the chat is; call once."""
    look, tally, names = reading.look, reading.tally, reading.names
    clock = Clock(look.style, look.order, tally.suspicious)
    settler = Settler(look.style, clock, tally, look.stray, names)
    reader = MessageReader(load_wordings(), tally, bool(look.style.bracket), look.marked, names)
    return chain.from_iterable(reader.read(settler.settle(reading.cuts())))


FORMAT = WhatsApp()
