"""A process that crashes while it holds a chat leaves no core dump of it."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.keys import generate_keys
from pipelines.settings import REPOSITORY

CRASH = """
import ctypes, os, sys
if sys.argv[1] == "forbidden":
    from pipelines.no_dumps import forbid_core_dumps
    forbid_core_dumps()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)  # PR_GET_DUMPABLE
os.abort()
"""


def allow() -> None:
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


@pytest.mark.parametrize(("asked", "dumpable"), [("allowed", "1"), ("forbidden", "0")])
def test_a_crash_leaves_a_dump_only_where_it_may(asked: str, dumpable: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH, asked],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        preexec_fn=allow,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGABRT
    assert done.stdout.strip() == dumpable
    if asked == "forbidden":
        assert list(tmp_path.iterdir()) == []


CALLS = """
import ctypes, sys
from pathlib import Path
from pipelines.errors import CandourError
from pipelines.settings import Settings
if sys.argv[1] == "stage":
    from pipelines.staging.pool import _Kit
    _Kit.load(Settings())
else:
    from pipelines import cli_intake as cli
    missing = Path("no such export")
    try:
        if sys.argv[1] == "scrub":
            cli.scrub(missing)
        else:
            cli.submit(missing, "kent", "C-0001", "Bex Marlowe", "1.0", "2026-01-31")
    except CandourError:
        pass
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.parametrize("reader", ["stage", "scrub", "submit"])
def test_whatever_reads_a_chat_forbids_them(reader: str, tmp_path: Path) -> None:
    generate_keys(tmp_path / "keys")
    done = subprocess.run(
        [sys.executable, "-c", CALLS, reader],
        cwd=REPOSITORY,
        env={"CANDOUR_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "0"
