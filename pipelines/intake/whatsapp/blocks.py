"""Second pass: lines to blocks, one per real header, with everything that belongs to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pipelines.contracts import LineTally
from pipelines.intake.clock import LONDON, changes_clocks, resolve
from pipelines.intake.whatsapp.dates import DateOrder
from pipelines.intake.whatsapp.header import PASTED_HEADER

Block = tuple[datetime, int, str, bool]
"""When it was sent, where its body begins, its raw text (header, body, line ends and all), and
whether it is stray: after a bare LF in a file whose messages end in CRLF."""

BEFORE_FIRST = "before_first_header"
PASTED = "pasted_header"
IMPOSSIBLE_TIME = "impossible_time"

# A message that was late by less is taken as late (phones lose signal, clocks go back an hour);
# one from further back, after which time goes on as before, was pasted from another chat.
LATE = timedelta(hours=2)
MAX_PASTED_BLOCKS = 100

NOON = 12


class Clock:
    """Reads header times in one order of day and month. Days are parsed once."""

    def __init__(self, order: DateOrder, notes: Counter[str]) -> None:
        self._order, self._notes = order, notes
        self._days: dict[str, tuple[int, int, int, bool] | None] = {}
        self._previous: datetime | None = None

    def read(self, day: str, hour: str, minute: str, second: str, half: str) -> datetime | None:
        """The time, or ``None`` where there is no such day or time."""
        try:
            known = self._days[day]
        except KeyError:
            known = self._days[day] = self._parse_day(day)
        if known is None:
            return None
        year, month, date, changes = known
        hours = int(hour)
        if half:
            hours = hours % NOON + NOON * (half in "Pp") if hours <= NOON else hours
        try:
            when = datetime(year, month, date, hours, int(minute), int(second or 0), tzinfo=LONDON)
        except ValueError:
            return None
        if changes:
            when = resolve(when, self._previous, self._notes)
            self._previous = when
        return when

    def _parse_day(self, text: str) -> tuple[int, int, int, bool] | None:
        day = self._order.read(text)
        if day is None:
            return None
        return day.year, day.month, day.day, changes_clocks(day)


def split_blocks(
    lines: Iterable[str],
    header: re.Pattern[str],
    clock: Clock,
    tally: LineTally,
    *,
    crlf_ends: bool,
) -> Iterator[Block]:
    """Cut ``lines`` (each with its line end) where a header of this file's style starts."""
    match, read = header.match, clock.read
    when: datetime | None = None
    end, stray = 0, False
    gathered: list[str] = []
    for line in lines:
        found = match(line)
        at = read(*found.groups()) if found else None
        if found is None or at is None:
            if found:
                tally.suspicious[IMPOSSIBLE_TIME] += 1
            elif gathered and PASTED_HEADER.match(line):
                tally.suspicious[PASTED] += 1
            gathered.append(line)
            continue
        if when is not None:
            yield when, end, gathered[0] if len(gathered) == 1 else "".join(gathered), stray
        elif gathered:
            tally.rejected[BEFORE_FIRST] += len(gathered)
        stray = crlf_ends and bool(gathered) and not gathered[-1].endswith("\r\n")
        when, end, gathered = at, found.end(), [line]
    if when is not None:
        yield when, end, "".join(gathered), stray
    else:
        tally.rejected[BEFORE_FIRST] += len(gathered)


def absorb_pasted(blocks: Iterable[Block], tally: LineTally) -> Iterator[Block]:
    """Give blocks that step back in time to the message they were pasted into.

    What is pasted is older than the message it is pasted into. A stray block that is, was pasted;
    another only where it is far older and time then goes on as before.
    """
    blocks = iter(blocks)
    host = next(blocks, None)
    doubtful: list[Block] = []
    for block in blocks:
        assert host is not None
        if block[3] and block[0] <= host[0] and not doubtful:
            host = _absorb(host, [block], tally)
        elif block[0] < host[0] - LATE:
            doubtful.append(block)
            if len(doubtful) > MAX_PASTED_BLOCKS:
                yield host
                yield from doubtful[:-1]
                host, doubtful = doubtful[-1], []
        else:
            yield _absorb(host, doubtful, tally) if doubtful else host
            host, doubtful = block, []
    if host is not None:
        yield host
        yield from doubtful


def _absorb(host: Block, pasted: list[Block], tally: LineTally) -> Block:
    tally.suspicious[PASTED] += len(pasted)
    return host[0], host[1], host[2] + "".join(block[2] for block in pasted), host[3]


def count_lines(text: str) -> int:
    """Lines in ``text``, the last one whether or not it is ended."""
    return text.count("\n") + (not text.endswith("\n"))
