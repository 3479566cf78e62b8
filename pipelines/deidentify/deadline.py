"""A time limit on each message that stops what can be stopped and fails closed on the rest.

The clock is looked at between recognisers and at the end, in any thread: what took too long counts
as failed even if it did end. In a process's main thread (where Airflow's tasks and the command
line run) a timer of processor time also interrupts Python code and ``re`` in the middle. It cannot
interrupt one call into compiled code (one run of the network over at most 64 windows): a message's
length limit bounds that. Nor can it cut short what waits without using the processor, or runs in
another thread; there only the check afterwards applies. No thread is started, so none can leak.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MESSAGE_SECONDS = 10.0  # a thousand times what the longest message takes
BATCH_TEXT_SECONDS = 0.5  # more for each text read at once: a large model swapped in takes 0.1

# SIGVTALRM, for SIGALRM is taken by Airflow's execution timeouts and by test runners.
_SIGNAL, _TIMER = signal.SIGVTALRM, signal.ITIMER_VIRTUAL
_TICK = 0.05  # seconds of processor time between looks at the clock


class OverrunError(Exception):
    """A message took longer than it may."""


class Deadline:
    """The time left for the piece of work in hand; one at a time, by one thread."""

    def __init__(self, seconds: float = MESSAGE_SECONDS) -> None:
        self.seconds = seconds
        self._ends = math.inf
        self._late = False

    @contextmanager
    def limit(self, texts: int = 0) -> Iterator[None]:
        """Time for one message, or for ``texts`` read at once. Raises ``OverrunError``."""
        self._late = False
        self._ends = time.monotonic() + self.seconds + BATCH_TEXT_SECONDS * texts
        try:
            yield
            self.check()
        finally:
            self._ends, self._late = math.inf, False

    def check(self) -> None:
        """Raise ``OverrunError`` where the time is up."""
        if self._late or time.monotonic() > self._ends:
            raise OverrunError

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Inside, a limit that passes interrupts what runs, in the main thread."""
        main = threading.current_thread() is threading.main_thread()
        if not main or signal.getsignal(_SIGNAL) != signal.SIG_DFL:
            yield
            return
        signal.signal(_SIGNAL, self._tick)
        signal.siginterrupt(_SIGNAL, False)
        signal.setitimer(_TIMER, _TICK, _TICK)
        try:
            yield
        finally:
            signal.setitimer(_TIMER, 0)
            signal.signal(_SIGNAL, signal.SIG_DFL)

    def _tick(self, *_: object) -> None:
        """Raise once only: the exception may be on its way out when the next tick comes."""
        if time.monotonic() > self._ends:
            self._ends, self._late = math.inf, True
            raise OverrunError
