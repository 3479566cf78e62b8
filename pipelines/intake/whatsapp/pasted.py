"""Headers that were pasted into a message: kept in its body, counted, and no author made of them.

A header of another style than the file's cuts nothing. One of the same style is told by its time:
what is pasted is older than the message it is pasted into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import lt, methodcaller
from typing import TypeGuard, cast

from pipelines.contracts import LineTally
from pipelines.intake.whatsapp.clock import Clock
from pipelines.intake.whatsapp.cut import BEFORE_FIRST, Batch
from pipelines.intake.whatsapp.header import PASTED_HEADER, Style

PASTED = "pasted_header"
IMPOSSIBLE_TIME = "impossible_time"

# A message that was late by less is taken as late (phones lose signal, clocks go back an hour);
# one from further back, after which time goes on as before, was pasted from another chat.
LATE = timedelta(hours=2)
# A phone without signal for a shift lists what others wrote meanwhile after what its owner wrote:
# late by less than this, and from somebody who has written here before, it is a message.
SHIFT = timedelta(hours=24)
MAX_PASTED = 100

Cut = tuple[datetime, str | None, str, str, str]
"""When it was sent, the author if its line names one, what follows; day and time as written."""

_ends_in_cr = methodcaller("endswith", "\r")


@dataclass(slots=True)
class Settler:
    """Decides which cuts are messages. What is doubtful waits for what comes after it.

    ``crlf_ends``: messages end in CRLF, so that a header after a bare LF is suspect.
    """

    style: Style
    clock: Clock
    tally: LineTally
    crlf_ends: bool
    names: set[str] = field(default_factory=set, repr=False)
    authors: set[str | None] = field(default_factory=set, repr=False)
    host: Cut | None = field(default=None, repr=False)
    doubtful: list[Cut] = field(default_factory=list, repr=False)
    after_bare_lf: bool = False

    def settle(self, batches: Iterable[Batch]) -> Iterator[list[Cut]]:
        """The messages, in order; a batch that holds no surprise is settled as a whole."""
        for batch in batches:
            days, times, authors, bodies = batch
            self._note_pasted(bodies)
            read = self.clock.read(days, times)
            if self._in_order(read, bodies):
                cuts = list(zip(read, authors, bodies, days, times, strict=True))
                yield [self.host, *cuts[:-1]] if self.host else cuts[:-1]
                self.host = cuts[-1]
                self.authors.update(authors)
            else:
                yield list(self._one_by_one(read, batch))
        yield self._release()

    def _in_order(
        self, times: list[datetime | None], bodies: list[str]
    ) -> TypeGuard[list[datetime]]:
        """Whether a batch has only possible times, none before another, and no bare LF."""
        if not times or None in times or self.doubtful or self.after_bare_lf:
            return False
        known = cast(list[datetime], times)
        if any(map(lt, known, [self.host[0] if self.host else known[0], *known])):
            return False
        return not self.crlf_ends or all(map(_ends_in_cr, bodies))

    def _one_by_one(self, read: list[datetime | None], batch: Batch) -> Iterator[Cut]:
        days, times, authors, bodies = batch
        for when, author, said, day, time in zip(read, authors, bodies, days, times, strict=True):
            if when is None:
                self._keep_impossible(self.style.written(day, time, author, said))
            else:
                yield from self._take((when, author, said, day, time))
            self.after_bare_lf = self.crlf_ends and not said.endswith("\r")

    def _keep_impossible(self, written: str) -> None:
        self.tally.suspicious[IMPOSSIBLE_TIME] += 1
        if self.doubtful:
            self.doubtful[-1] = _with(self.doubtful[-1], written)
        elif self.host:
            self.host = _with(self.host, written)
        else:
            self.tally.rejected[BEFORE_FIRST] += 1 + written.count("\n")

    def _take(self, cut: Cut) -> Iterator[Cut]:
        host = self.host
        if host is None:
            self.host = cut
        elif self.after_bare_lf and cut[0] <= host[0] and not self.doubtful:
            self._absorb([cut])
        elif cut[0] < host[0] - LATE:
            self.doubtful.append(cut)
            if len(self.doubtful) > MAX_PASTED:
                *released, self.host = self._release()
                yield from released
        else:
            if self.doubtful and self._was_pasted(host):
                self._absorb(self.doubtful)
                self.doubtful = []
            yield from self._release()
            self.host = cut

    def _release(self) -> list[Cut]:
        """Let go of the host and of all that is doubtful: they are messages."""
        released = [*([self.host] if self.host else ()), *self.doubtful]
        self.authors.update(cut[1] for cut in released)
        self.host, self.doubtful = None, []
        return released

    def _was_pasted(self, host: Cut) -> bool:
        authors = self.authors | {host[1]}
        return any(cut[0] < host[0] - SHIFT or cut[1] not in authors for cut in self.doubtful)

    def _absorb(self, cuts: list[Cut]) -> None:
        assert self.host is not None
        self.tally.suspicious[PASTED] += len(cuts)
        for _, author, said, day, time in cuts:
            self.names.update([author] if author else ())
            self.host = _with(self.host, self.style.written(day, time, author, said))

    def _note_pasted(self, bodies: list[str]) -> None:
        """Count headers of other styles, and remember whom they name."""
        for body in [said for said in bodies if "\n" in said]:
            for found in PASTED_HEADER.finditer(body):
                self.tally.suspicious[PASTED] += 1
                self.names.add(found["author"].strip())


def _with(host: Cut, more: str) -> Cut:
    return host[0], host[1], f"{host[2]}\n{more}", host[3], host[4]
