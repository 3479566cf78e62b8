"""A home of its own for one task: local, private, and gone when the task ends.

It holds only what is sealed or encrypted. What a killed task left goes when the next one starts.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from pipelines.intake.inbox import make_private
from pipelines.locks import locked
from pipelines.settings import Settings

LOCK = ".scratch.lock"
IN_USE = ".lock"


@contextmanager
def scratch(settings: Settings) -> Iterator[Settings]:
    """The settings, with an empty home that has the collection's keys and no store."""
    with locked(LOCK, settings):
        make_private(settings.scratch)
        clear_scratch(settings)
        room = settings.scratch / uuid4().hex
        room.mkdir(mode=0o700)
        lock = (room / IN_USE).open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        (room / "keys").symlink_to(settings.keys.resolve())
        yield settings.model_copy(update={"home": room, "store": ""})
    finally:
        shutil.rmtree(room)
        lock.close()


def clear_scratch(settings: Settings) -> None:
    """Remove what no living task is using."""
    for room in sorted(settings.scratch.iterdir()):
        with (room / IN_USE).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(room)  # the keys are a link: they stay
