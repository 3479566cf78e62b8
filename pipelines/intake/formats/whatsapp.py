"""WhatsApp's text exports, from Android and iOS, in any of its languages and date styles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.contracts import Chat, LineTally, Message
from pipelines.intake.formats.signal_text import is_signal
from pipelines.intake.parts import Part
from pipelines.intake.text import open_text, read_head
from pipelines.intake.whatsapp.clock import Clock
from pipelines.intake.whatsapp.cut import cut
from pipelines.intake.whatsapp.header import HEADER_AT_LINE_START, Style
from pipelines.intake.whatsapp.lines import whole_lines
from pipelines.intake.whatsapp.messages import MessageReader
from pipelines.intake.whatsapp.pasted import Settled, Settler
from pipelines.intake.whatsapp.survey import NUL, Survey, survey
from pipelines.intake.whatsapp.wording import load_wordings
from pipelines.settings import Settings


@dataclass(slots=True)
class ChatStream:
    """A chat read in two passes, with memory flat however long it is.

    The tally, names and notes are complete once ``messages`` is exhausted.
    """

    part: Part
    encoding: str
    evidence: Survey
    tally: LineTally = field(default_factory=LineTally)
    names: set[str] = field(default_factory=set)

    def messages(self) -> Iterator[Message]:
        """Every message in order; call once."""
        self.tally.lines_in = self.evidence.lines
        reader = MessageReader(
            load_wordings(),
            self.tally,
            bool(self.evidence.style.bracket),
            self.evidence.seen,
            self.names,
        )
        return reader.read(self._settled())

    def _settled(self) -> Iterator[Settled]:
        found = self.evidence
        clock = Clock(found.style, found.order, self.tally.suspicious)
        settler = Settler(found.style, clock, self.tally, found.crlf, found.stray, self.names)
        with open_text(self.part.open(), self.encoding, "") as text:
            blocks = whole_lines(text)
            if NUL in found.seen:
                blocks = (block.replace(NUL, "\ufffd") for block in blocks)
            yield from settler.settle(cut(blocks, found.style, self.tally, crlf=found.crlf))


class WhatsApp:
    """``_chat.txt`` or ``WhatsApp Chat with ….txt``."""

    platform = "whatsapp"

    def sniff(self, head: str) -> bool:
        shapes = HEADER_AT_LINE_START.findall("\n" + head.replace("\r\n", "\n"))
        styles = filter(None, map(Style.of, shapes))
        return any(not is_signal(style) for style in styles)

    def parse(self, parts: Sequence[Part], settings: Settings) -> list[Chat]:
        return [self._parse_one(part, settings) for part in parts]

    def stream(self, part: Part, settings: Settings) -> ChatStream:
        """The chat in ``part``, surveyed and ready to be read message by message."""
        _, encoding = read_head(part)
        with open_text(part.open(), encoding, "") as text:
            return ChatStream(part, encoding, survey(text, settings.max_lines))

    def _parse_one(self, part: Part, settings: Settings) -> Chat:
        stream = self.stream(part, settings)
        title = load_wordings().find_title(part.name)
        messages = list(stream.messages())
        names = frozenset(stream.names | ({title} if title else set()))
        return Chat(self.platform, messages, stream.tally, names, stream.evidence.notes)


FORMAT = WhatsApp()
