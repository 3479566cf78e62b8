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
from pipelines.prevalence.method import Basis, Method
from pipelines.prevalence.rates import ErrorRates
from pipelines.prevalence.shipped import shipped_rates, shipped_version
from pipelines.release.calibration import Labels, calibrate
from pipelines.release.cells import CHALLENGE, Pool, Values, read_sql, supports
from pipelines.release.cells import categories as categories_of
from pipelines.release.disclosure import Scope, reason_to_withhold

Methods = Mapping[str, Method]
"""How each category is estimated."""

PARTLY = "partly calibrated"
NO_LABELS = Labels("", {})


@dataclass(frozen=True, slots=True)
class Estimated:
    """The periods that one release estimated, and how; ``challenge`` is of the challenge rate.

    ``labels`` are all that had been used by then.
    """

    release: str
    periods: tuple[str, ...]
    methods: Methods
    challenge: Design
    labels: Labels = NO_LABELS

    def as_dict(self) -> dict[str, Any]:
        """As the manifest prints it."""
        methods = {category: method.as_dict() for category, method in self.methods.items()}
        return {
            "release": self.release,
            "periods": list(self.periods),
            "methods": methods,
            "challenge": self.challenge.as_dict(),
            "labels": self.labels.as_dict(),
        }


def estimated_in(manifest: Mapping[str, Any]) -> list[Estimated]:
    """What a release's manifest says of its own periods and the frozen ones', oldest first."""
    return [
        Estimated(
            entry["release"],
            tuple(entry["periods"]),
            {category: Method.from_dict(said) for category, said in entry["methods"].items()},
            Design.from_dict(entry["challenge"]),
            Labels.from_dict(entry["labels"]),
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
    con: duckdb.DuckDBPyConnection, scope: Scope, values: Values, earlier: Sequence[Estimated]
) -> tuple[Methods, Design, Labels]:
    """How this release's new months are estimated, of what design their challenge rates are, and
    what labels have been used; ``earlier`` is what releases before it estimated, oldest first.

    ``cells.prepare`` comes before.
    """
    categories = categories_of(values)
    moments = read_moments(con, scope, values, [*categories, CHALLENGE])
    design = measured(moments.get(CHALLENGE, ()), CHALLENGE_DEFAULT)
    used, kept = (earlier[-1].labels, _calibrated(earlier[-1])) if earlier else (NO_LABELS, {})
    classifier = shipped_version()
    sample = labelled_sample(con, classifier)
    labelled, labels = calibrate(sample, used, kept, classifier)
    return make_methods(categories, moments, shipped_rates(), labelled), design, labels


def _calibrated(last: Estimated) -> dict[str, ErrorRates]:
    """The rates that a release took from labels."""
    return {
        category: method.rates
        for category, method in last.methods.items()
        if method.basis is Basis.CALIBRATED
    }


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
