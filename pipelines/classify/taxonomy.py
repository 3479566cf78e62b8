"""The risk taxonomy: what counts as what, as data (``taxonomy.json``).

Eleven risk categories, each tied to the Standards of Professional Behaviour, and one protective
category (``SPUP``: somebody challenged or reported) which is a strength and never a risk.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TAXONOMY_FILE = Path(__file__).with_name("taxonomy.json")

RISK_CODES = (
    *("DISC", "SEXM", "VIOL", "FORC", "BULL", "INSU"),
    *("OPS", "PERS", "INTG", "FITN", "DISR"),
)
PROTECTIVE_CODE = "SPUP"
CODES = (*RISK_CODES, PROTECTIVE_CODE)


@dataclass(frozen=True, slots=True)
class Category:
    """One category. ``positives`` belong to it; ``hard_negatives`` look alike and do not."""

    code: str
    name: str
    definition: str
    standards: tuple[str, ...]
    grounding: str
    subtags: tuple[str, ...]
    include: str
    exclude: str
    hard_negatives: tuple[str, ...]
    positives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All categories, in the order of ``CODES``."""

    version: str
    date: str
    standards: tuple[str, ...]
    stances: tuple[str, ...]
    categories: tuple[Category, ...]

    def __getitem__(self, code: str) -> Category:
        return self.categories[CODES.index(code)]


@cache
def load_taxonomy(path: Path = TAXONOMY_FILE) -> Taxonomy:
    """Read and check the taxonomy. Raises ``ValueError`` naming what is missing from it."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    taxonomy = Taxonomy(
        version=raw["version"],
        date=raw["date"],
        standards=tuple(raw["standards"]),
        stances=tuple(raw["cross_cutting"]["stance"]),
        categories=tuple(_category(entry) for entry in raw["categories"]),
    )
    _check(taxonomy, path)
    return taxonomy


def _category(entry: dict[str, Any]) -> Category:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return Category(**fields)


def _check(taxonomy: Taxonomy, path: Path) -> None:
    codes = tuple(category.code for category in taxonomy.categories)
    if codes != CODES:
        raise ValueError(f"{path.name} must list {', '.join(CODES)} in that order.")
    for category in taxonomy.categories:
        unknown = set(category.standards) - set(taxonomy.standards)
        if unknown:
            raise ValueError(f"{category.code} names unknown standards: {', '.join(unknown)}.")
        if not (category.definition and category.positives and category.hard_negatives):
            raise ValueError(f"{category.code} needs a definition and examples on both sides.")
