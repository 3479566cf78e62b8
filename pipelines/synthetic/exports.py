"""Write one export file, plain or zipped, and keep the truth of every message in it."""

from __future__ import annotations

import io
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from pipelines.contracts import MessageKind
from pipelines.synthetic.chats import WHOLE, Volunteer
from pipelines.synthetic.event import Event
from pipelines.synthetic.people import name_identity
from pipelines.synthetic.phrases import Identity
from pipelines.synthetic.render import STYLES, View
from pipelines.synthetic.truth import unix_seconds

# How exports come in, in turn.
STYLE_ROTATION = (
    "android", "ios", "android", "android_12h", "ios_zip", "android", "ios", "ios_12h",
)  # fmt: skip
ZIP_TIME = (2026, 1, 1, 0, 0, 0)  # fixed, so that the same seed gives the same bytes
FAKE_PHOTO = b"\xff\xd8\xff\xe0 not a photograph \xff\xd9"
PHOTO_NAME = "00000000-PHOTO.jpg"


class ExportWriter:
    """One volunteer's export of one chat. Use as a context manager."""

    def __init__(
        self, folder: Path, number: int, chat: int, volunteer: Volunteer, group: str
    ) -> None:
        style = STYLES[STYLE_ROTATION[number % len(STYLE_ROTATION)]]
        self.number = number
        self.chat = chat
        self.volunteer = volunteer
        self.view = View(style, volunteer.names, volunteer.place, group)
        self.path = folder / f"{number:04d}.{'zip' if style.with_media else 'txt'}"
        self.rows: list[tuple[Any, ...]] = []
        self.identities: set[Identity] = set()
        self._whole = volunteer.scope == WHOLE
        self._stack = ExitStack()
        self._file: IO[str] = io.StringIO()

    def __enter__(self) -> ExportWriter:
        if not self.view.style.with_media:
            self._file = self._stack.enter_context(
                self.path.open("w", encoding="utf-8", newline="")
            )
            return self
        archive = self._stack.enter_context(zipfile.ZipFile(self.path, "w"))
        self._stack.callback(archive.writestr, _member(PHOTO_NAME), FAKE_PHOTO)
        raw = self._stack.enter_context(archive.open(_member("_chat.txt"), "w"))
        self._file = self._stack.enter_context(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open_chat(self, at: int, creator: int, *, from_the_start: bool) -> None:
        """The lines an export opens with."""
        for line in self.view.opening(at, creator, from_the_start=from_the_start):
            self._file.write(line)
            self.rows.append((
                self.number, len(self.rows), self.chat, -1, unix_seconds(at),
                MessageKind.SYSTEM.value, False, False, (), "", False, (), (),
            ))  # fmt: skip

    def write(self, event: Event, message: int) -> bool:
        """Append ``event``; returns whether the volunteer's consent covers it."""
        self._file.write(self.view.line(event))
        authored = self.view.has_author(event)
        mine = authored and event.who == self.volunteer.place
        covered = mine or (self._whole and authored)
        identities = self.view.identities(event)
        if identities:
            self.identities.update(identities)
        self.rows.append((
            self.number, len(self.rows), self.chat, message, unix_seconds(event.at),
            event.kind.value, mine, covered, event.categories, event.lookalike, event.challenged,
            [kind for kind, _ in identities], [value for _, value in identities],
        ))  # fmt: skip
        return covered

    def sender_identities(self) -> set[Identity]:
        """Every identity in the export: its senders' and those in its messages."""
        return self.identities | {name_identity(name) for name in self.volunteer.names}


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, ZIP_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
