"""Which constants each period's estimates are made with, and where a draft's come from.

A published month keeps the constants of its time: later labels change later months only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.label.sample import labelled_sample
from pipelines.prevalence.design import (
    CHALLENGE_DEFAULT,
    DEFAULT_CORRELATION,
    DEFAULT_SIZE_VARIATION,
    Design,
    Moments,
    measured,
)
from pipelines.prevalence.labels import calibrate
from pipelines.prevalence.method import Basis, Method
from pipelines.prevalence.rates import ErrorRates
from pipelines.prevalence.shipped import shipped_rates
from pipelines.release.cells import CHALLENGE, Pool, Values, read_sql, supports
from pipelines.release.cells import categories as categories_of
from pipelines.release.disclosure import Scope, reason_to_withhold
from pipelines.release.policy import MIN_CONTRIBUTORS

Methods = Mapping[str, Method]
"""How each category is estimated."""

PARTLY = "partly calibrated"


@dataclass(frozen=True, slots=True)
class Estimated:
    """The periods that one release estimated, and how; ``challenge`` is of the challenge rate."""

    release: str
    periods: tuple[str, ...]
    methods: Methods
    challenge: Design

    def as_dict(self) -> dict[str, Any]:
        """As the manifest prints it."""
        methods = {category: method.as_dict() for category, method in self.methods.items()}
        return {
            "release": self.release,
            "periods": list(self.periods),
            "methods": methods,
            "challenge": self.challenge.as_dict(),
        }


def estimated_in(manifest: Mapping[str, Any]) -> list[Estimated]:
    """What a release's manifest says of its own periods and the frozen ones', oldest first."""
    return [
        Estimated(
            entry["release"],
            tuple(entry["periods"]),
            {category: Method.from_dict(said) for category, said in entry["methods"].items()},
            Design.from_dict(entry["challenge"]),
        )
        for entry in manifest["estimation"]
    ]


def by_period(estimated: Iterable[Estimated]) -> dict[str, Methods]:
    """The methods of each period: where two releases estimated one, the later's."""
    return {period: one.methods for one in estimated for period in one.periods}


def designs_by_period(estimated: Iterable[Estimated]) -> dict[str, Design]:
    """The design of each period's challenge rates."""
    return {period: one.challenge for one in estimated for period in one.periods}


def overall_basis(bases: Iterable[str]) -> str:
    """The basis of all rows together, or that they differ."""
    found = set(bases)
    return found.pop() if len(found) == 1 else PARTLY


def read_methods(
    con: duckdb.DuckDBPyConnection, scope: Scope, values: Values
) -> tuple[Methods, Design]:
    """How this release's new months are estimated, and of what design their challenge rates are.

    ``cells.prepare`` comes before.
    """
    categories = categories_of(values)
    moments = read_moments(con, scope, values, [*categories, CHALLENGE])
    design = measured(moments.get(CHALLENGE, ()), CHALLENGE_DEFAULT)
    labelled = calibrate(labelled_sample(con), MIN_CONTRIBUTORS)
    return make_methods(categories, moments, shipped_rates(), labelled), design


def make_methods(
    categories: Iterable[str],
    moments: Mapping[str, Sequence[Moments]],
    shipped: Mapping[str, ErrorRates],
    labelled: Mapping[str, ErrorRates],
) -> Methods:
    """Rounded and banded constants: rates of the labels where there are some, else of the card."""
    found = {}
    default = Design(DEFAULT_CORRELATION, DEFAULT_SIZE_VARIATION)
    for category in categories:
        basis = Basis.CALIBRATED if category in labelled else Basis.UNCALIBRATED
        rates = labelled.get(category, shipped[category]).published()
        design = measured(moments.get(category, ()), default)
        found[category] = Method(rates, basis, design.correlation, design.size_variation)
    return found


def read_moments(
    con: duckdb.DuckDBPyConnection, scope: Scope, values: Values, categories: Sequence[str]
) -> dict[str, list[Moments]]:
    """By category (or ``CHALLENGE``), what contributors' figures vary by, force by force.

    Of the new months alone whose national figure of the category passes the policy by itself, so
    that a constant is never a few people's.
    """
    forces = frozenset(scope.places.forces)
    pools: dict[str, Pool] = {
        month: frozenset((month, force) for force in forces & present)
        for month, present in scope.present.items()
        if month in scope.months
    }
    asked = [(category, pool) for category in categories for pool in pools.values()]
    known = supports(con, asked, values)
    safe = [
        (month, category)
        for category in categories
        for month, pool in pools.items()
        if reason_to_withhold(category, known[category, pool]) is None
    ]
    found: dict[str, list[Moments]] = defaultdict(list)
    if safe:
        columns = [list(column) for column in zip(*safe, strict=True)]
        for category, *sums in con.execute(read_sql("moments"), columns).fetchall():
            found[category].append(Moments(*sums))
    return found
