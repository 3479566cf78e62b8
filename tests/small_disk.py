"""A disk with hardly any room: a real small file system where the machine lets us mount one, else
the operating system's own limit on how large this process's files may grow.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = "64m"
LEFT = 4096  # bytes: room for a lock or a short note, not for what a stage writes


class SmallDisk:
    """A folder on which ``full`` leaves no room. ``mounted`` says by which means."""

    def __init__(self, folder: Path, *, mount: bool) -> None:
        self.folder = folder
        folder.mkdir()
        self.mounted = (
            mount
            and not subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)],
                capture_output=True,
                check=False,
            ).returncode
        )

    @contextmanager
    def full(self) -> Iterator[None]:
        """Nothing larger than ``LEFT`` can be written meanwhile."""
        with self._ballast() if self.mounted else _limit():
            yield

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", str(self.folder)], check=True)

    @contextmanager
    def _ballast(self) -> Iterator[None]:
        ballast = self.folder / "ballast"
        ballast.write_bytes(bytes(max(shutil.disk_usage(self.folder).free - LEFT, 0)))
        try:
            yield
        finally:
            ballast.unlink()


@contextmanager
def _limit() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LEFT, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
