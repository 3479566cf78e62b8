"""Keep what is in memory out of core dumps: a process that crashes while it reads a chat would
leave the chat on the disk.
"""

from __future__ import annotations

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4  # linux/prctl.h; holds for dumps that the kernel hands to a program, too


def forbid_core_dumps() -> None:
    """For this process, from now on. Processes it starts ask for themselves."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
