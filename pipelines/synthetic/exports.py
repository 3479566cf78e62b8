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
from pipelines.synthetic.render import STYLES, View
from pipelines.synthetic.truth import ROWS_A_GROUP, MessageTruth, unix_seconds

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
        self,
        folder: Path,
        number: int,
        chat: int,
        volunteer: Volunteer,
        group: str,
        truth: MessageTruth,
    ) -> None:
        style = STYLES[STYLE_ROTATION[number % len(STYLE_ROTATION)]]
        self.number = number
        self.chat = chat
        self.volunteer = volunteer
        self.view = View(style, volunteer.names, volunteer.place, group)
        self.path = folder / f"{number:04d}.{'zip' if style.with_media else 'txt'}"
        self.identities = {name_identity(name) for name in volunteer.names}
        self.lines = 0  # messages and app lines written
        self.events = 0  # of them, events of the chat
        self._truth = truth
        self._rows: list[tuple[Any, ...]] = []
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
        self._flush()
        self._stack.close()

    def open_chat(self, at: int, creator: int, *, from_the_start: bool) -> None:
        """The lines an export opens with."""
        for line in self.view.opening(at, creator, from_the_start=from_the_start):
            self._file.write(line)
            self._note(Event(at, creator, MessageKind.SYSTEM, ""), -1, mine=False, covered=False)

    def write(self, event: Event, message: int) -> bool:
        """Append ``event``; returns whether the volunteer's consent covers it."""
        self._file.write(self.view.line(event))
        self.events += 1
        authored = self.view.has_author(event)
        mine = authored and event.who == self.volunteer.place
        covered = mine or (self._whole and authored)
        self._note(event, message, mine=mine, covered=covered)
        return covered

    def _note(self, event: Event, message: int, *, mine: bool, covered: bool) -> None:
        identities = self.view.identities(event)
        self.identities.update(identities)
        self._rows.append((
            self.number, self.lines, self.chat, message, unix_seconds(event.at),
            event.kind.value, mine, covered, event.categories, event.lookalike, event.challenged,
            [kind for kind, _ in identities], [value for _, value in identities],
        ))  # fmt: skip
        self.lines += 1
        if len(self._rows) >= ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._truth.write(self._rows)
            self._rows = []


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, ZIP_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
