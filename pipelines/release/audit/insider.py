"""What contributors know beside the releases: their own counts, in the months a release adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb

from pipelines.release.audit.constraints import Count, added_up
from pipelines.release.audit.world import CONTRIBUTORS, Key
from pipelines.release.cells import CHALLENGED, MESSAGES, NOT_FLAGGED, UNCHALLENGED, Pool
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
    """Every contributor's own counts. Exact: it never leaves the enclave."""

    counts: Mapping[Contributor, Mapping[Count, float]]

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
            }
        )

    def __or__(self, other: Insiders) -> Insiders:
        """What each contributor knows by either."""
        people = self.counts.keys() | other.counts.keys()
        return Insiders(
            {who: {**self.counts.get(who, {}), **other.counts.get(who, {})} for who in people}
        )

    def own(self, contributor: Contributor) -> Mapping[Count, float]:
        """One contributor's counts."""
        return self.counts[contributor]

    def strongest(self, key: Key, places: Places) -> Iterator[Contributor]:
        """The contributor with most of a cell, and the one with most of the same beside it.

        Of challenged messages also those with most of the unchallenged, which are the rest; and
        the other way round.
        """
        yield from self._strongest_of(key, places)
        if key.value in REST_OF:
            yield from self._strongest_of(key._replace(value=REST_OF[key.value]), places)

    def _strongest_of(self, key: Key, places: Places) -> Iterator[Contributor]:
        sides: tuple[dict[Contributor, float], ...] = ({}, {})
        inside = places.members(key.cell.place)
        for period in added_up(key):
            of_period = self._holders.get((key.split, key.value, period), {})
            for force, holders in of_period.items():
                side = sides[0 if force in inside else 1]
                for contributor, held in holders.items():
                    side[contributor] = side.get(contributor, 0.0) + held
        for side in sides:
            if side:
                yield max(side, key=lambda contributor: (side[contributor], contributor))


def read_insiders(con: duckdb.DuckDBPyConnection, months: Sequence[str]) -> Insiders:
    """Contributors' counts in ``months``, from the marts. ``cells.prepare`` comes before."""
    query = (REPOSITORY / "sql" / "release" / "insiders.sql").read_text()
    found: dict[Contributor, dict[Count, float]] = {}
    for contributor, split, value, month, force, messages in con.execute(
        query, [list(months)]
    ).fetchall():
        if value == NOT_FLAGGED:
            continue
        own = found.setdefault(contributor, {})
        own[Count(split, value, month, force)] = float(messages)
        if split == MESSAGES:  # and is one of the people counted
            for period in (month, block_of(month)):
                own[Count(CONTRIBUTORS, value, period, force)] = 1.0
    return Insiders(found)
