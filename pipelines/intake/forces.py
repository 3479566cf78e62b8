"""The police forces a submission can belong to, from the seed the warehouse also uses."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from pipelines.errors import CallerError
from pipelines.settings import REPOSITORY

FORCES_CSV = REPOSITORY / "sql" / "seeds" / "forces.csv"


@dataclass(frozen=True, slots=True)
class Force:
    """One police force. ``code`` is the ONS code of its area."""

    code: str
    name: str
    short_name: str


@cache
def load_forces() -> tuple[Force, ...]:
    """Every force, in the seed's order."""
    with FORCES_CSV.open(encoding="utf-8", newline="") as file:
        return tuple(
            Force(row["force_code"], row["force_name"], row["short_name"])
            for row in csv.DictReader(file)
        )


def find_force(asked: str) -> Force:
    """The force with this code, name or short name, in any case. Raises ``CallerError``."""
    wanted = asked.strip().casefold()
    for force in load_forces():
        if wanted in (force.code.casefold(), force.name.casefold(), force.short_name.casefold()):
            return force
    raise CallerError(f"There is no force {asked!r}: `candour forces` lists codes and names.")
