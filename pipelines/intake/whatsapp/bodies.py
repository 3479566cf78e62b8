"""What a message body is: text, or one of the things WhatsApp writes in place of text."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import PurePath

from pipelines.contracts import MessageKind
from pipelines.intake.whatsapp.wording import INVISIBLE, Wordings, plain

CARD = ".vcf"
STICKER_FILE = re.compile(r"STK-.*|.*-STICKER-.*|.*\.webp", re.IGNORECASE)
SERIAL = re.compile(r"^\d{8}-")  # iOS numbers the files of an export
DOCUMENT = re.compile(
    r"^[^\n]+\.\w{2,5} • \d+ \w+$"
)  # its name and pages, where a caption would be
MENTION = re.compile("@?\u2068([^\u2069\n]{1,120})\u2069")


@dataclass(frozen=True, slots=True)
class Body:
    """A classified body. ``names`` are people it introduces (a contact card, a mention)."""

    kind: MessageKind
    text: str = field(repr=False)
    names: Collection[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class BodyReader:
    """Recognises bodies by the wordings."""

    wordings: Wordings

    def read(self, said: str) -> Body:
        """Classify a body. Captions stay as text; file names and coordinates do not."""
        text = plain(said)
        kind = self.wordings.bodies.get(text)
        if kind is not None:
            return Body(kind, "")
        return (
            self._captioned(said)
            or self._attached(said)
            or self._by_start(said, text)
            or self._edited(said, text)
            or Body(MessageKind.TEXT, said.lstrip(INVISIBLE), MENTION.findall(said))
        )

    def _captioned(self, said: str) -> Body | None:
        """Android's ``<Media omitted>`` with the caption on the lines below it."""
        first, newline, caption = said.partition("\n")
        kind = self.wordings.bodies.get(plain(first)) if newline and first[:1] == "<" else None
        return Body(kind, caption) if kind else None

    def _attached(self, said: str) -> Body | None:
        first, _, caption = said.partition("\n")
        line = plain(first)
        for end in self.wordings.attached_ends:
            if line.endswith(end):
                return _file(line.removesuffix(end).strip(), caption)
        opening = next(
            (
                s
                for s, kind in self.wordings.starts
                if kind is MessageKind.MEDIA and s in plain(said)
            ),
            None,
        )
        if opening and plain(said).endswith(">"):
            caption, _, name = plain(said).rpartition(opening)
            caption = DOCUMENT.sub("", caption.strip())
            return _file(name.removesuffix(">").strip(), caption)
        return None

    def _by_start(self, said: str, text: str) -> Body | None:
        kind = next((kind for start, kind in self.wordings.starts if text.startswith(start)), None)
        if kind is MessageKind.LOCATION and "http" in text:
            return Body(kind, "")
        if kind is MessageKind.POLL and any(o in text for o in self.wordings.poll_options):
            return Body(kind, text.partition("\n")[2])
        by_app = said[:1] in INVISIBLE
        if kind is MessageKind.CALL and (by_app or re.search(r"\d", text)):
            return Body(kind, "")
        return Body(kind, "") if kind is MessageKind.DELETED else None

    def _edited(self, said: str, text: str) -> Body | None:
        if not any(text.endswith(mark) for mark in self.wordings.edited):
            return None
        return self.read(said[: said.rindex("<")].rstrip(INVISIBLE + " "))


def _file(name: str, caption: str) -> Body:
    name = SERIAL.sub("", name)
    if name.lower().endswith(CARD):
        return Body(MessageKind.CONTACT, caption, (PurePath(name).stem,))
    kind = MessageKind.STICKER if STICKER_FILE.fullmatch(name) else MessageKind.MEDIA
    return Body(kind, caption)
