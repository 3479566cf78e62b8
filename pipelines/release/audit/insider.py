"""What contributors know beside the releases: their own counts, in the quarters a release adds to.

Of months released before, the warehouse may hold something else by now: who sent more since knew
less then. Knowing more only bounds more closely, so what it holds is taken for what they knew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import duckdb

from pipelines.release.audit.constraints import Count, added_up
from pipelines.release.audit.world import CONTRIBUTORS, Key
from pipelines.release.cells import (
    CHALLENGED,
    MESSAGES,
    NOT_FLAGGED,
    TIME_OF_WEEK,
    UNCHALLENGED,
    Pool,
    margins_of,
)
from pipelines.release.periods import block_of, months_of
from pipelines.release.places import Places
from pipelines.settings import REPOSITORY

Own = Mapping[int, float]
"""A contributor's own messages, by column."""

Contributor = bytes

REST_OF = {CHALLENGED: UNCHALLENGED, UNCHALLENGED: CHALLENGED}
"""What else risky messages are."""


@dataclass(frozen=True)
class Insiders:
    """Every contributor's own counts. Exact: it never leaves the enclave.

    ``frozen`` are the periods that earlier releases published.
    """

    counts: Mapping[Contributor, Mapping[Count, float]]
    frozen: frozenset[str] = frozenset()

    @cached_property
    def sure(self) -> Insiders:
        """The same of what is released for the first time: the warehouse is what was counted."""
        return Insiders(
            {
                who: {
                    count: held
                    for count, held in own.items()
                    if count.generation or count.month not in self.frozen
                }
                for who, own in self.counts.items()
            }
        )

    @cached_property
    def largest(self) -> dict[Count, float]:
        """Each count's largest contribution: more than any one contributor knows."""
        found: dict[Count, float] = {}
        for own in self.counts.values():
            for count, held in own.items():
                found[count] = max(found.get(count, 0.0), held)
        return found

    @cached_property
    def _holders(self) -> dict[tuple[str, str, str], dict[str, dict[Contributor, float]]]:
        """Holdings by split, value and month, then force, then contributor."""
        found: dict[tuple[str, str, str], dict[str, dict[Contributor, float]]] = {}
        for contributor, own in self.counts.items():
            for count, held in own.items():
                of_month = found.setdefault((count.split, count.value, count.month), {})
                of_month.setdefault(count.force, {})[contributor] = held
        return found

    def anew(self, moved: Pool, generation: int) -> Insiders:
        """The same of units counted anew alone, as counts of that generation."""
        return Insiders(
            {
                contributor: {
                    count._replace(generation=generation): held
                    for count, held in own.items()
                    if any((month, count.force) in moved for month in months_of(count.month))
                }
                for contributor, own in self.counts.items()
            },
            self.frozen,
        )

    def __or__(self, other: Insiders) -> Insiders:
        """What each contributor knows by either."""
        people = self.counts.keys() | other.counts.keys()
        return Insiders(
            {who: {**self.counts.get(who, {}), **other.counts.get(who, {})} for who in people},
            self.frozen | other.frozen,
        )

    def own(self, contributor: Contributor) -> Mapping[Count, float]:
        """One contributor's counts."""
        return self.counts[contributor]

    def strongest(self, key: Key, places: Places) -> Iterator[Contributor]:
        """The contributors with most of a cell, and with most of the same beside it: in its other
        forces, in its quarter's other months, and in both.

        Of challenged messages also those with most of the unchallenged, which are the rest; and
        the other way round. Of a time of the week those with most of any other, and of its days
        and its time of the day: all bound it.
        """
        for one in dict.fromkeys((key, *self._beside(key))):
            yield from self._strongest_of(one, places)

    def _beside(self, key: Key) -> Iterator[Key]:
        if key.value in REST_OF:
            yield key._replace(value=REST_OF[key.value])
        if key.split == TIME_OF_WEEK:
            for split, value in margins_of(key.value):
                yield key._replace(split=split, value=value)
            for value in self._times_of_week:
                yield key._replace(value=value)

    @cached_property
    def _times_of_week(self) -> list[str]:
        return sorted({value for split, value, _ in self._holders if split == TIME_OF_WEEK})

    def _strongest_of(self, key: Key, places: Places) -> Iterator[Contributor]:
        sides: dict[tuple[bool, bool], dict[Contributor, float]] = {}
        inside, within = places.members(key.cell.place), added_up(key)
        for period in {*within, *months_of(block_of(key.cell.period))}:
            of_period = self._holders.get((key.split, key.value, period), {})
            for force, holders in of_period.items():
                side = sides.setdefault((force in inside, period in within), {})
                for contributor, held in holders.items():
                    side[contributor] = side.get(contributor, 0.0) + held
        for side in sides.values():
            yield max(side, key=lambda contributor: (side[contributor], contributor))


def read_insiders(
    con: duckdb.DuckDBPyConnection, months: Collection[str], frozen: Collection[str] = ()
) -> Insiders:
    """Contributors' counts in the quarters of ``months``, from the marts.

    ``frozen`` are the periods that earlier releases published. ``cells.prepare`` comes before.
    """
    query = (REPOSITORY / "sql" / "release" / "insiders.sql").read_text()
    known = sorted({of_block for month in months for of_block in months_of(block_of(month))})
    found: dict[Contributor, dict[Count, float]] = {}
    for contributor, split, value, month, force, messages in con.execute(query, [known]).fetchall():
        if value == NOT_FLAGGED:
            continue
        own = found.setdefault(contributor, {})
        own[Count(split, value, month, force)] = float(messages)
        if split == MESSAGES:  # and is one of the people counted
            for period in (month, block_of(month)):
                own[Count(CONTRIBUTORS, value, period, force)] = 1.0
    return Insiders(found, frozenset(frozen))
