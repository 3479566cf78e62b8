"""Worker processes under supervision: one that hangs or dies takes only its own submission along.

Only paths and counts cross between processes, never text. A worker says ``READY`` once it has
loaded what it needs; from then on it is given one submission at a time and has its seconds for it.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import ModuleType

from pipelines.errors import CandourError, Reason
from pipelines.settings import Settings

READY = "ready"
SPAWN = multiprocessing.get_context("spawn")  # threads do not survive a fork


class WorkerError(CandourError):
    """A submission could not be staged, for a reason that is not its own: nothing was lost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one submission: counts, a sentence that says why there are none, or what ended its
    worker."""

    folder: Path
    counts: dict[str, int] = field(default_factory=dict)
    failure: str | None = None
    ended: Reason | None = None


Work = Callable[[Settings, Connection], None]
"""Runs in a worker: says ``READY`` (or a sentence: why it cannot start), then answers every folder
it is sent with an ``Outcome``, until the connection is closed."""


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection
    folder: Path | None = None
    deadline: float = float("inf")

    @classmethod
    def start(cls, work: Work, settings: Settings) -> _Worker:
        ours, theirs = SPAWN.Pipe()
        process = SPAWN.Process(target=work, args=(settings, theirs), daemon=True)
        with _no_program():
            process.start()
        theirs.close()
        return cls(process, ours)

    def give(self, folder: Path, seconds: float) -> None:
        self.folder, self.deadline = folder, time.monotonic() + seconds
        with suppress(OSError):  # it has died: its end of the pipe says so next
            self.connection.send(folder)

    def hear(self) -> object:
        """What it says; ``None`` where it has died."""
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            return None

    def stop(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()


@contextmanager
def _no_program() -> Iterator[None]:
    """A worker that is spawned meanwhile does not run the program again that this process is of.

    Airflow's own, where a scheduler's or Celery worker's child runs the task, would open Airflow's
    database, which a task may not.
    """
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def work_through(
    folders: Sequence[Path], workers: int, work: Work, settings: Settings
) -> Iterator[Outcome]:
    """The outcome of each submission. One whose worker dies is tried again when all others are
    done, with all memory to itself, before it is said to have ended its worker.

    Raises ``WorkerError`` where workers cannot start.
    """
    suspects = []
    for outcome in _Crew(deque(folders), work, settings).run(min(workers, len(folders))):
        if outcome.ended is Reason.WORKER_DIED:
            suspects.append(outcome.folder)
        else:
            yield outcome
    yield from _Crew(deque(suspects), work, settings).run(min(1, len(suspects)))


@dataclass(slots=True)
class _Crew:
    """Workers on what is ``waiting``; whoever falls out is replaced."""

    waiting: deque[Path]
    work: Work
    settings: Settings
    workers: list[_Worker] = field(default_factory=list)

    def run(self, size: int) -> Iterator[Outcome]:
        try:
            self.workers = [_Worker.start(self.work, self.settings) for _ in range(size)]
            while self.workers:
                yield from self._heard()
                yield from self._overdue()
        finally:
            for worker in self.workers:
                worker.stop()

    def _heard(self) -> Iterator[Outcome]:
        """Wait for any worker to speak, to die or to run out of time."""
        seconds = min(worker.deadline for worker in self.workers) - time.monotonic()
        timeout = None if seconds == float("inf") else max(seconds, 0)
        spoken = wait([worker.connection for worker in self.workers], timeout)
        for worker in [one for one in self.workers if one.connection in spoken]:
            said = worker.hear()
            if isinstance(said, Outcome):
                yield said
            elif said is None and worker.folder:
                self._replace(worker)
                yield Outcome(worker.folder, ended=Reason.WORKER_DIED)
                continue
            elif said != READY:
                raise WorkerError(f"Staging could not start: {said or 'its process was stopped'}.")
            self._next(worker)

    def _overdue(self) -> Iterator[Outcome]:
        now = time.monotonic()
        for worker in [one for one in self.workers if one.deadline <= now]:
            if worker.folder and not worker.connection.poll():
                self._replace(worker)
                yield Outcome(worker.folder, ended=Reason.TIMED_OUT)

    def _next(self, worker: _Worker) -> None:
        if self.waiting:
            worker.give(self.waiting.popleft(), self.settings.submission_seconds)
        else:
            self._dismiss(worker)

    def _replace(self, worker: _Worker) -> None:
        self._dismiss(worker)
        if self.waiting:
            self.workers.append(_Worker.start(self.work, self.settings))

    def _dismiss(self, worker: _Worker) -> None:
        worker.stop()
        self.workers.remove(worker)
