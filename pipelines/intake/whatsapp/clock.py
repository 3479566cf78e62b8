"""Header times, read in one order of day and month. Each day and time of day is parsed once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import repeat

from pipelines.intake.clock import LONDON, changes_clocks, resolve
from pipelines.intake.whatsapp.dates import DateOrder
from pipelines.intake.whatsapp.header import Style

NOON = 12
REMEMBERED = 4096  # of the days and times read one by one
NUMBER = re.compile(r"\d+")


class _DoubtError(LookupError):
    """Not to be looked up: there is no such day or time, or the clocks change on the day."""


class _Days(dict[str, date]):
    """Days by what headers call them, those on which clocks change left out."""

    def __init__(self, order: DateOrder) -> None:
        super().__init__()
        self.order = order

    def __missing__(self, text: str) -> date:
        day = self.order.read(text)
        if day is None or changes_clocks(day):
            raise _DoubtError
        self[text] = day
        return day


class _Times(dict[str, time]):
    """Times of day by how headers write them: at most as many as a day has seconds."""

    def __missing__(self, text: str) -> time:
        read = read_time(text)
        if read is None:
            raise _DoubtError
        self[text] = read
        return read


class Clock:
    """Reads the times of one file's messages, in their order."""

    def __init__(self, style: Style, order: DateOrder, notes: Counter[str]) -> None:
        self._notes = notes
        self._days, self._times = _Days(order), _Times()
        self._read_time: Callable[[str], time] = self._times.__getitem__
        if style.has_iso_times:
            self._read_time = time.fromisoformat
        self._read_day = lru_cache(REMEMBERED)(order.read)
        self._read_odd_time = lru_cache(REMEMBERED)(read_time)
        self._previous: datetime | None = None

    def read(self, days: Sequence[str], times: Sequence[str]) -> list[datetime | None]:
        """The time of each header; ``None`` where there is no such day or time."""
        try:
            return self._look_up(days, times)
        except _DoubtError:
            return [self._read_one(day, at) for day, at in zip(days, times, strict=True)]
        except ValueError:  # an hour of one digit, or none there is
            self._read_time = self._times.__getitem__
            return self.read(days, times)

    def _look_up(self, days: Sequence[str], times: Sequence[str]) -> list[datetime | None]:
        known_days = map(self._days.__getitem__, days)
        return list(map(datetime.combine, known_days, map(self._read_time, times), repeat(LONDON)))

    def _read_one(self, day_text: str, time_text: str) -> datetime | None:
        day, at = self._read_day(day_text), self._read_odd_time(time_text)
        if day is None or at is None:
            return None
        when = datetime.combine(day, at, LONDON)
        if day_text not in self._days and changes_clocks(day):
            when = resolve(when, self._previous, self._notes)
            self._previous = when
        return when


def read_time(text: str) -> time | None:
    """A time of day such as ``15:20``, ``15.20.25`` or ``3:20:25 p. m.``."""
    hour, minute, second = map(int, [*NUMBER.findall(text), "0"][:3])
    half = next((letter for letter in text if letter in "AaPp"), "")
    if half and hour <= NOON:
        hour = hour % NOON + NOON * (half in "Pp")
    try:
        return time(hour, minute, second)
    except ValueError:
        return None
