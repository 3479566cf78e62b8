"""Attack a quarter as its contributors: each takes away what they wrote, and knows the rules.

A published count passed the rules, so whoever wrote some of it knows that others wrote as much as
the rules ask beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array

from pipelines.release.audit.constraints import Constraints, Count
from pipelines.release.audit.insider import Contributor, Insiders, Own
from pipelines.release.audit.programmes import TOLERANCE, Exposed, Programmes
from pipelines.release.audit.solver import ContradictionError
from pipelines.release.audit.world import CONTRIBUTORS, Key
from pipelines.release.policy import least_published


def attack_as_contributors(programmes: Programmes, insiders: Insiders) -> list[Exposed]:
    """What somebody's own counts expose, of what nothing exposes to an outsider.

    Raises ``ContradictionError`` where no table fits both the figures that a release adds and what
    contributors sent for them.
    """
    sums = _Sums(programmes.constraints)
    found = []
    for insider, targets in _strongest(programmes, insiders, sums).items():
        try:
            found += _as(programmes, insiders.own(insider), insiders.frozen, targets, sums)
        except ContradictionError:  # sent since: cannot have been in frozen figures
            if not insiders.frozen:
                raise
            sure = insiders.sure.own(insider)
            found += _as(programmes, sure, insiders.frozen, targets, sums)
    return found


class _Sums:
    """The published sums that passed the rules for messages, as rows over the columns."""

    def __init__(self, constraints: Constraints) -> None:
        self.columns = constraints.columns
        self._rows = [
            row
            for row, source in enumerate(constraints.source)
            if source is not None and source.split != CONTRIBUTORS
        ]
        self._sums = constraints.matrix()[self._rows]

    def own(self, counts: Mapping[Count, float]) -> Own:
        """A contributor's counts, by column."""
        columns = self.columns
        return {columns[count]: held for count, held in counts.items() if count in columns}

    def least(self, known: Iterable[Mapping[Count, float]]) -> dict[int, float]:
        """The least that the sums can be, by row, to whoever of these wrote most of each."""
        owns = [self.own(counts) for counts in known]
        if not owns:
            return {}  # nobody wrote in the quarters that the release adds to
        rows = np.repeat(np.arange(len(owns)), [len(own) for own in owns])
        columns = np.array([column for own in owns for column in own], dtype=int)
        held = np.array([count for own in owns for count in own.values()])
        wrote = csr_array((held, (rows, columns)), shape=(len(owns), len(self.columns)))
        most = (wrote @ self._sums.T).max(axis=0).toarray().ravel()
        return {
            row: least_published(own) for row, own in zip(self._rows, most, strict=True) if own > 0
        }


def _strongest(
    programmes: Programmes, insiders: Insiders, sums: _Sums
) -> dict[Contributor, list[int]]:
    """Who is to attack what, of the targets not hidden from all largest contributors at once."""
    targets: Sequence[int] = range(len(programmes.targets))
    try:
        everybody = sums.least(insiders.counts.values())
        programmes.solver.know(sums.own(insiders.largest), everybody)
        targets = programmes.not_shown_hidden()
    except ContradictionError:  # what somebody sent since: each is asked alone
        if not insiders.frozen:
            raise
    found: dict[Contributor, list[int]] = {}
    for target in targets:
        strongest = insiders.strongest(programmes.targets[target], programmes.places)
        for insider in dict.fromkeys(strongest):
            found.setdefault(insider, []).append(target)
    return found


def _as(
    programmes: Programmes,
    counts: Mapping[Count, float],
    frozen: Collection[str],
    targets: Sequence[int],
    sums: _Sums,
) -> list[Exposed]:
    own = sums.own(counts)
    programmes.solver.know(own, sums.least([counts]))
    programmes.forget()
    found = [(target, programmes.judge(target, own)) for target in targets]
    return [
        exposed
        for target, exposed in found
        if exposed is not None and _is_news(programmes, target, exposed, frozen)
    ]


def _is_news(
    programmes: Programmes, target: int, exposed: Exposed, frozen: Collection[str]
) -> bool:
    """Whether figures of this release tell any of it.

    What frozen ones tell was attacked when they came out, and the warehouse may by now hold more
    of the contributor's than they counted.
    """
    if not frozen:
        return True

    def is_new(source: Key) -> bool:
        return bool(source.generation) or source.cell.period not in frozen

    sources = enumerate(programmes.constraints.source)
    new = [row for row, source in sources if source is not None and is_new(source)]
    with programmes.solver.without(new):
        low, high = programmes.extremes(target)
    return exposed.low > low + TOLERANCE or exposed.high < high - TOLERANCE
