"""Headers that were pasted into a message: kept in its body, counted, and no author made of them.

A header of another style than the file's cuts nothing. One of the same style is told by its time:
what is pasted is older than the message it is pasted into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import add, lt
from typing import TypeGuard, cast

from pipelines.contracts import LineTally
from pipelines.intake.whatsapp.clock import Clock
from pipelines.intake.whatsapp.cut import BEFORE_FIRST, Batch
from pipelines.intake.whatsapp.header import PASTED_HEADER, Style

PASTED = "pasted_header"
IMPOSSIBLE_TIME = "impossible_time"
OUT_OF_ORDER = "out_of_order"

# A message that was late by less is taken as late (phones lose signal, clocks go back an hour);
# one from further back, after which time goes on as before, was pasted from another chat.
LATE = timedelta(hours=2)
# A phone without signal for a shift lists what others wrote meanwhile after what its owner wrote:
# late by less than this, and from somebody who has written here before, it is a message.
SHIFT = timedelta(hours=24)
# What is older by less comes of phones' clocks that differ. By more, and there are several headers
# of people who have not written here: a conversation had elsewhere, forwarded at once.
SKEW = timedelta(minutes=2)
MIN_STRANGERS = 2
MAX_PASTED = 100

Cut = tuple[datetime, str | None, str, str, str]
"""When it was sent, the author if its line names one, what follows; day and time as written."""

Settled = tuple[Sequence[datetime], Sequence[str | None], Sequence[str], Sequence[str]]
"""Messages side by side: when they were sent, and the rest as in ``Batch``."""


@dataclass(slots=True)
class Settler:
    """Decides which cuts are messages. What is doubtful waits for what comes after it.

    ``stray``: messages end in CRLF, but some header follows a bare LF, and is suspect.
    """

    style: Style
    clock: Clock
    tally: LineTally
    stray: bool
    names: set[str] = field(default_factory=set, repr=False)
    authors: set[str | None] = field(default_factory=set, repr=False)
    host: Cut | None = field(default=None, repr=False)
    doubtful: list[Cut] = field(default_factory=list, repr=False)
    after_bare_lf: bool = False

    def settle(self, batches: Iterable[Batch]) -> Iterator[Settled]:
        """The messages, in order; a batch that holds no surprise is settled as a whole."""
        for batch in batches:
            days, times, authors, lines, more = batch
            self._note_pasted(more)
            read = self.clock.read(days, times)
            if self._in_order(read, lines, more):
                yield _side_by_side(self._release())
                yield read[:-1], authors[:-1], lines[:-1], more[:-1]
                self.host = read[-1], authors[-1], lines[-1] + more[-1], days[-1], times[-1]
                self.authors.update(authors)
            else:
                yield _side_by_side(self._one_by_one(read, batch))
        yield _side_by_side(self._release())

    def _in_order(
        self,
        times: Sequence[datetime | None],
        lines: Sequence[str],
        more: Sequence[str],
    ) -> TypeGuard[list[datetime]]:
        """Whether a batch has only possible times, none before another, and no bare LF."""
        if not times or None in times or self.doubtful or self.after_bare_lf:
            return False
        known = cast(list[datetime], times)
        if any(map(lt, known, [self.host[0] if self.host else known[0], *known])):
            return False
        return not self.stray or all(piece.endswith("\r") for piece in map(add, lines, more))

    def _one_by_one(self, read: list[datetime | None], batch: Batch) -> Iterator[Cut]:
        days, times, authors, lines, more = batch
        pieces = map(add, lines, more)
        for when, author, said, day, time in zip(read, authors, pieces, days, times, strict=True):
            if when is None:
                self._keep_impossible(self.style.written(day, time, author, said))
            else:
                yield from self._take((when, author, said, day, time))
            self.after_bare_lf = self.stray and not said.endswith("\r")

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
        elif cut[0] < host[0] - (SKEW if self._is_strange(cut) else LATE):
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
        """Let go of the host and of all that is doubtful: they are messages, though that is noted
        of what came late.
        """
        if self.doubtful:
            self.tally.suspicious[OUT_OF_ORDER] += len(self.doubtful)
        released = [*([self.host] if self.host else ()), *self.doubtful]
        self.authors.update(cut[1] for cut in released)
        self.host, self.doubtful = None, []
        return released

    def _was_pasted(self, host: Cut) -> bool:
        late = [cut for cut in self.doubtful if cut[0] < host[0] - LATE]
        authors = self.authors | {host[1]}
        return (
            any(cut[0] < host[0] - SHIFT or cut[1] not in authors for cut in late)
            or sum(map(self._is_strange, self.doubtful)) >= MIN_STRANGERS
        )

    def _is_strange(self, cut: Cut) -> bool:
        """Whether it is by somebody who has not written here before."""
        known = self.host is not None and cut[1] == self.host[1]
        return cut[1] is not None and cut[1] not in self.authors and not known

    def _absorb(self, cuts: list[Cut]) -> None:
        assert self.host is not None
        self.tally.suspicious[PASTED] += len(cuts)
        for _, author, said, day, time in cuts:
            self.names.update([author] if author else ())
            self.host = _with(self.host, self.style.written(day, time, author, said))

    def _note_pasted(self, more: Iterable[str]) -> None:
        """Count headers of other styles, and remember whom they name."""
        for found in PASTED_HEADER.finditer("\0".join(filter(None, more))):
            self.tally.suspicious[PASTED] += 1
            self.names.add(found["author"].strip())


def _side_by_side(cuts: Iterable[Cut]) -> Settled:
    each = list(cuts)
    ends = [cut[2].find("\n") if "\n" in cut[2] else len(cut[2]) for cut in each]
    return (
        [cut[0] for cut in each],
        [cut[1] for cut in each],
        [cut[2][:end] for cut, end in zip(each, ends, strict=True)],
        [cut[2][end:] for cut, end in zip(each, ends, strict=True)],
    )


def _with(host: Cut, more: str) -> Cut:
    return host[0], host[1], f"{host[2]}\n{more}", host[3], host[4]
