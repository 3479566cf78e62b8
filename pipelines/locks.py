"""Locks between processes, on this host or on others that share the home over NFS."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.settings import Settings


@contextmanager
def locked(name: str, settings: Settings) -> Iterator[None]:
    """One process at a time holds the lock of that name; others wait.

    It is on a file, opened to be written: NFS passes such a lock on, but none on a folder.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.home / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
