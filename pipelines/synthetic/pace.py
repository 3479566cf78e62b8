"""When the next message is sent: answers within a minute, topics within a few."""

from __future__ import annotations

from random import Random

from pipelines.synthetic.event import Event
from pipelines.synthetic.timing import missing_hour, month_end

ANSWER_GAP = 40  # mean seconds
TOPIC_GAP = 240
LONGEST_GAP = 1_800
ROOM = 12_000  # messages that fit a month at these gaps; fuller months talk faster


class Pace:
    """A clock that only moves forward and stays within the month."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._scale = 1.0
        self._last = 0
        self._skipped: tuple[int, int] | None = None
        self.at = 0

    def open_month(self, month: str, count: int) -> None:
        """Make ready for ``count`` messages in ``month``."""
        self._last, self._skipped = month_end(month), missing_hour(month)
        self._scale = min(1.0, ROOM / (count + 1))

    def move_to(self, start: int) -> None:
        """Start of a burst: then, or just after what was said last."""
        self.at = max(start, self.at + 1)

    def wait(self, mean: int) -> None:
        gap = min(self._rng.expovariate(1 / mean), LONGEST_GAP)
        self.at += int(gap * self._scale) + 1

    def keep(self, event: Event) -> Event:
        """``event`` kept within its month and out of the hour the clocks skip."""
        if self._skipped and self._skipped[0] <= event.at < self._skipped[1]:
            event.at = self._skipped[1]
        event.at = min(event.at, self._last)
        self.at = max(self.at, event.at)
        return event
