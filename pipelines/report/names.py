"""Names of forces and categories, as readers see them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.release.cells import ANY_RISK
from pipelines.release.places import NATIONAL
from pipelines.settings import REPOSITORY

SEEDS = REPOSITORY / "sql" / "seeds"
PROTECTIVE_PREFIX = "PROTECTIVE: "


@dataclass(frozen=True, slots=True)
class Force:
    """A force, a region of forces, or England and Wales. ``page`` is its file in the site.

    ``region`` is a force's region by name, ``members`` a region's forces by code.
    """

    code: str
    name: str
    page: str
    region: str
    members: tuple[str, ...] = ()

    @property
    def is_force(self) -> bool:
        return bool(self.region)


@dataclass(frozen=True, slots=True)
class Category:
    """A taxonomy category. More of a ``protective`` one is better."""

    code: str
    name: str
    protective: bool


def read_forces(path: Path = SEEDS / "forces.csv") -> dict[str, Force]:
    """Forces by code in alphabetical order, after England and Wales and the regions."""
    forces = [
        Force(
            row["force_code"], row["force_name"], f"force-{row['force_code']}.html", row["region"]
        )
        for row in _rows(path)
    ]
    regions = [
        Force(
            row["region_code"],
            row["region"],
            f"region-{row['region_code']}.html",
            "",
            tuple(force.code for force in forces if force.region == row["region"]),
        )
        for row in _rows(path.with_name("regions.csv"))
    ]
    national = Force(NATIONAL, "England and Wales", "index.html", "")
    return {f.code: f for f in (national, *regions, *sorted(forces, key=lambda f: f.name))}


def read_categories(path: Path = SEEDS / "categories.csv") -> dict[str, Category]:
    """Categories by code, in the taxonomy's order, after all risky content together."""
    categories = {ANY_RISK: Category(ANY_RISK, "All risky content", False)}
    for row in _rows(path):
        name = row["name"].removeprefix(PROTECTIVE_PREFIX)
        protective = row["protective"] == "true"
        categories[row["category"]] = Category(
            row["category"], name[0].upper() + name[1:], protective
        )
    return categories


def _rows(path: Path) -> list[Mapping[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
