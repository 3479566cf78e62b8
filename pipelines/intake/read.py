"""Read every chat in an export, whatever app it is from."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import PurePosixPath

from pipelines.contracts import Chat
from pipelines.errors import QuarantineError, Reason
from pipelines.intake.formats import ChatFormat, find_format
from pipelines.intake.parts import ExportSource, Part
from pipelines.intake.text import guess_text, read_head, wrong_encoding
from pipelines.settings import Settings

# Meta splits a thread over message_1.json, message_2.json … in one folder.
NUMBERED = re.compile(r"(?P<stem>.*message_)(?P<number>\d+)\.json")
SKIPPED = "archive_members_skipped"


def read_chats(source: ExportSource, settings: Settings) -> list[Chat]:
    """Every chat in the export, in memory. Raises ``QuarantineError`` where there is none.

    A member of an archive that is no chat is left out and the chats carry the note
    ``archive_members_skipped``.
    """
    parts = source.parts(settings)
    if len(parts) == 1:
        return _read_thread(parts, settings)
    chats, problems = [], []
    for thread in _threads(parts):
        try:
            chats += _read_thread(thread, settings)
        except QuarantineError as error:
            if error.reason not in (Reason.NOT_A_CHAT, Reason.EMPTY):
                raise
            problems.append(error)
    if not chats:
        raise problems[0]
    return [_with_note(chat) for chat in chats] if problems else chats


def _read_thread(parts: Sequence[Part], settings: Settings) -> list[Chat]:
    found = _identify(parts[0])
    try:
        with _nothing_collected():
            chats = found.parse(parts, settings)
    except UnicodeDecodeError:
        raise wrong_encoding() from None
    for chat in chats:
        chat.tally.check()
    return chats


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """No search for cyclic garbage meanwhile: messages form none, and a long chat's would be gone
    through again and again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # put among what was long there, to be looked at with that
            gc.freeze()
            gc.unfreeze()
        if enabled:
            gc.enable()


def _identify(part: Part) -> ChatFormat:
    """The part's format by its content. Raises ``QuarantineError`` saying why there is none."""
    head, _ = read_head(part)
    found = find_format(head)
    if found:
        return found
    guess = guess_text(part)
    if not guess.strip():
        raise QuarantineError(Reason.EMPTY, "The export is empty: export the chat again.")
    if find_format(guess):
        raise wrong_encoding()
    raise QuarantineError(
        Reason.NOT_A_CHAT,
        "The file is not a chat export this version knows: use the app's own export "
        "(text or JSON, not HTML).",
    )


def _threads(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Parts of one thread together, in the order of their numbers (10 after 2)."""
    for _, thread in groupby(sorted(parts, key=_position), key=lambda part: _position(part)[0]):
        yield list(thread)


def _position(part: Part) -> tuple[str, int]:
    path = PurePosixPath(part.name)
    numbered = NUMBERED.fullmatch(path.name)
    if numbered:
        return f"{path.parent}/{numbered['stem']}", int(numbered["number"])
    return part.name, 0


def _with_note(chat: Chat) -> Chat:
    return Chat(chat.platform, chat.messages, chat.tally, chat.names, (*chat.notes, SKIPPED))
