"""Whatever Candour creates is its owner's alone, however lax the umask of who started it."""

from __future__ import annotations

import os

OWNER_ONLY = 0o077


def keep_files_private() -> None:
    """From now on this process, and those it starts, create files 0600 and folders 0700."""
    os.umask(OWNER_ONLY)
