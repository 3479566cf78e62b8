"""Run a piece of the pipeline in a process of its own and, if asked, kill it at one moment.

The parent has imported everything and opened nothing: a forked child starts in milliseconds, so
that its moments lie in the pipeline's own work and not in imports.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

LOOK_EVERY_S = 0.005
PATIENCE_S = 300  # a stage takes seconds: after this it hangs
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate")


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: so many seconds after the work began, or before its n-th file operation.

    Operations are Python's own (files opened to be written, made, renamed, removed), since what
    happens between two of them is where a crash leaves something half done. DuckDB's are not
    seen: the clock is for those.
    """

    seconds: float | None = None
    operation: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended. ``error`` is what it raised; ``result`` what it returned."""

    killed: bool
    seconds: float = 0.0
    operations: int = 0
    result: Any = None
    error: str = ""


def run_child(
    work: Callable[[], Any],
    home: Path,
    environment: dict[str, str],
    moment: Moment | None = None,
    look: Callable[[], None] = lambda: None,
) -> Ended:
    """Run ``work`` on the collection in ``home``; ``look`` is called every few milliseconds."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    at = moment.operation if moment else None
    child = multiprocessing.get_context("fork").Process(
        target=_work, args=(work, home, environment, at, theirs)
    )
    child.start()
    theirs.close()
    ended = _attend(child.pid or 0, ours, moment, look)
    child.join()
    return ended


def _attend(pid: int, ours: Connection, moment: Moment | None, look: Callable[[], None]) -> Ended:
    """Wait until it has ended, or its moment has come."""
    began, kill_at = 0.0, None
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        look()
        if kill_at is not None and time.monotonic() >= kill_at:
            os.killpg(pid, signal.SIGKILL)
            kill_at = None
        wait = LOOK_EVERY_S if kill_at is None else min(LOOK_EVERY_S, kill_at - time.monotonic())
        if not ours.poll(max(wait, 0.0)):
            continue
        try:
            said = ours.recv()
        except EOFError:
            look()
            return Ended(killed=True, seconds=time.monotonic() - began)
        if isinstance(said, Ended):
            look()
            return said
        began = time.monotonic()
        if moment is not None and moment.seconds is not None:
            kill_at = began + moment.seconds
    os.killpg(pid, signal.SIGKILL)
    return Ended(killed=False, error=f"still running after {PATIENCE_S} s")


def _work(
    work: Callable[[], Any],
    home: Path,
    environment: dict[str, str],
    at: int | None,
    report: Connection,
) -> None:
    """In the child."""
    os.setsid()  # whatever it starts dies with it
    os.environ.update(environment)
    operations = _count_operations(str(home), at)
    report.send("began")
    began = time.perf_counter()
    try:
        result = work()
    except Exception:
        report.send(Ended(killed=False, error=traceback.format_exc(limit=-4)))
    else:
        report.send(Ended(False, time.perf_counter() - began, operations[0], result))


def _count_operations(home: str, at: int | None) -> list[int]:
    """Count file operations in the list returned; die before the ``at``-th."""
    count = [0]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        opened = event == "open" and str(arguments[0]).startswith(home)
        if event in CHANGES or (opened and arguments[2] & WRITING):
            count[0] += 1
            if count[0] == at:
                os.killpg(0, signal.SIGKILL)

    sys.addaudithook(hook)
    return count
