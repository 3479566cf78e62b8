"""Several small submissions read ahead together, before each is staged by itself.

A network reads thirty short texts of one length at once in half the time of as many alone, and a
small chat has few. So the texts of a bunch are shown to the models together, which remember what
they found (encoder/memory.py); each submission then finds its own read. What fails here is left
for its submission to fail at by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from pipelines.intake.inbox import hold
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.asked import ask_ahead, asked
from pipelines.staging.opened import Opened, open_submission
from pipelines.staging.tools import Tools


def read_ahead(
    folders: Sequence[Path], tools: Tools, settings: Settings, keys: Keys
) -> dict[Path, Opened]:
    """Those that could be opened, de-identified, their texts remembered. Raises nothing: an
    exception could quote a chat."""
    if len(folders) < 2:
        return {}
    opened: dict[Path, Opened] = {}
    for folder in folders:
        with suppress(Exception), hold(folder) as there:
            if there:
                opened[folder] = open_submission(folder, tools.versions, settings, keys)
    with suppress(Exception):
        _show(opened.values(), tools)
    return opened


def _show(opened: Iterable[Opened], tools: Tools) -> None:
    """First the names, of all; then the risks, which are of de-identified texts."""
    opened = list(opened)
    tools.deidentifier.read_ahead([chat for one in opened for chat in one.chats])
    for one in opened:
        one.clean = [tools.deidentifier.deidentify(c, one.origin.volunteer_name) for c in one.chats]
    chats = [
        asked(chat, clean, one.origin)
        for one in opened
        for chat, clean in zip(one.chats, one.clean, strict=True)
    ]
    ask_ahead(chats, tools.classifier)
