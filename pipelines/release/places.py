"""Places a figure may be of: a force, a region of forces, or England and Wales."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipelines.settings import REPOSITORY

SEEDS = REPOSITORY / "sql" / "seeds"
NATIONAL = "EW"


@dataclass(frozen=True)
class Places:
    """Forces by code with the code of their region, in the seeds' order.

    A force that nobody volunteered from is listed as the rest, so that the list tells nothing.
    """

    region_of: Mapping[str, str]

    @cached_property
    def forces(self) -> tuple[str, ...]:
        return tuple(self.region_of)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.region_of.values())))

    @cached_property
    def all(self) -> tuple[str, ...]:
        """National first, then regions, then forces: the order of a release's rows."""
        return (NATIONAL, *self.regions, *self.forces)

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        found = {force: {force} for force in self.forces} | {NATIONAL: set(self.forces)}
        for force, region in self.region_of.items():
            found.setdefault(region, set()).add(force)
        return {place: frozenset(forces) for place, forces in found.items()}

    def members(self, place: str) -> frozenset[str]:
        """The forces a place is made of."""
        return self._members[place]


def read_places(seeds: Path = SEEDS) -> Places:
    """Every force and region of ``forces.csv`` and ``regions.csv``."""
    codes = {row["region"]: row["region_code"] for row in _rows(seeds / "regions.csv")}
    forces = _rows(seeds / "forces.csv")
    return Places({row["force_code"]: codes[row["region"]] for row in forces})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
