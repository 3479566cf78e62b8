"""Worker processes under supervision: one that hangs or dies takes only its own submission along.

Only paths and counts cross between processes, never text. A worker says ``READY`` once it has
loaded what it needs; from then on it is given one bunch of submissions at a time and has its
seconds for it. Where that is not enough, or the worker dies, each of the bunch is tried alone.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path

from pipelines.errors import CandourError, Reason
from pipelines.settings import Settings
from pipelines.staging.bunches import Bunch

READY = "ready"
# A new interpreter: threads do not survive a fork. Python's own way to one refuses inside Celery,
# whose processes pose as daemons, which may have no children, and guard their key from copies.
COMMAND = "import sys; from pipelines.staging.crew import serve; serve(int(sys.argv[1]))"
BUNCH_SHARE = 0.25
"""Of a submission's seconds, what several small ones have together before each is tried alone: the
task's own limit is twice those seconds."""


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
"""Runs in a worker: says ``READY`` (or a sentence: why it cannot start), then answers every bunch
of folders it is sent with a list of as many ``Outcome``, until the connection is closed."""


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    bunch: Bunch = ()
    deadline: float = float("inf")

    @classmethod
    def start(cls, work: Work, settings: Settings) -> _Worker:
        ours, theirs = Pipe()
        with theirs:
            end = theirs.fileno()
            process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, str(end)], stdin=subprocess.DEVNULL, pass_fds=[end]
            )
        with suppress(OSError):  # it has died: hearing it says so
            ours.send((work, settings))
        return cls(process, ours)

    def give(self, bunch: Bunch, seconds: float) -> None:
        self.bunch, self.deadline = bunch, time.monotonic() + seconds
        with suppress(OSError):  # it has died: its end of the pipe says so next
            self.connection.send(bunch)

    def hear(self) -> object:
        """What it says; ``None`` where it has died."""
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            return None

    def stop(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.wait()


def serve(end: int) -> None:
    """In the new process: the work it is sent over the pipe with the descriptor ``end``."""
    connection = Connection(end)
    work, settings = connection.recv()
    work(settings, connection)


def work_through(
    bunches: Sequence[Bunch], workers: int, work: Work, settings: Settings
) -> Iterator[Outcome]:
    """The outcome of each submission. One whose worker dies is tried again when all others are
    done, with all memory to itself, before it is said to have ended its worker.

    Raises ``WorkerError`` where workers cannot start.
    """
    suspects: list[Bunch] = []
    for outcome in _Crew(deque(bunches), work, settings).run(min(workers, len(bunches))):
        if outcome.ended is Reason.WORKER_DIED:
            suspects.append((outcome.folder,))
        else:
            yield outcome
    yield from _Crew(deque(suspects), work, settings).run(min(1, len(suspects)))


@dataclass(slots=True)
class _Crew:
    """Workers on what is ``waiting``; whoever falls out is replaced."""

    waiting: deque[Bunch]
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
            if isinstance(said, list):
                yield from said
            elif said is None and worker.bunch:
                yield from self._lost(worker, Reason.WORKER_DIED)
                continue
            elif said != READY:
                raise WorkerError(f"Staging could not start: {said or 'its process was stopped'}.")
            self._next(worker)

    def _overdue(self) -> Iterator[Outcome]:
        now = time.monotonic()
        for worker in [one for one in self.workers if one.deadline <= now]:
            if worker.bunch and not worker.connection.poll():
                yield from self._lost(worker, Reason.TIMED_OUT)

    def _next(self, worker: _Worker) -> None:
        if self.waiting:
            bunch = self.waiting.popleft()
            share = BUNCH_SHARE if len(bunch) > 1 else 1
            worker.give(bunch, share * self.settings.submission_seconds)
        else:
            self._dismiss(worker)

    def _lost(self, worker: _Worker, why: Reason) -> Iterator[Outcome]:
        """Another in its place. Which of several submissions it was shows when each is alone."""
        if len(worker.bunch) > 1:
            self.waiting.extend((folder,) for folder in worker.bunch)
        self._dismiss(worker)
        if self.waiting:
            self.workers.append(_Worker.start(self.work, self.settings))
        if len(worker.bunch) == 1:
            yield Outcome(worker.bunch[0], ended=why)

    def _dismiss(self, worker: _Worker) -> None:
        worker.stop()
        self.workers.remove(worker)
