"""From decided cells to published challenge rates, made of rounded counts and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipelines.prevalence.design import Design
from pipelines.prevalence.method import Basis
from pipelines.release.cells import ANY_RISK, CHALLENGE, CHALLENGED, Cell
from pipelines.release.disclosure import Outcome, Scope
from pipelines.release.figures import count_anew, months_in
from pipelines.release.rounding import challenge_share
from pipelines.release.rows import ChallengeRow, TrendRow


def challenge_rows(
    outcome: Outcome,
    scope: Scope,
    trends: Sequence[TrendRow],
    frozen: Sequence[ChallengeRow],
    designs: Mapping[str, Design],
) -> Iterator[ChallengeRow]:
    """Rows this release adds: months, then quarters; national, regions, forces.

    ``trends`` are the rows of the same periods, which have the risky messages and the people;
    ``designs`` are by period.
    """
    wholes = {Cell(r.period, r.force_code): r for r in trends if r.category == ANY_RISK}
    counts = {Cell(r.period, r.force_code): r.challenged for r in frozen}
    for period in (*scope.months, *scope.quarters):
        for place in scope.places.all:
            cell = Cell(period, place)
            if group := outcome.group(CHALLENGE, cell):
                months = [counts.get(month) for month in months_in(cell)]
                counts[cell] = count_anew(group.split[CHALLENGED], months)
            yield make_row(wholes[cell], counts.get(cell), designs[period])


def make_row(whole: TrendRow, challenged: int | None, design: Design) -> ChallengeRow:
    """The row beside ``whole``, all risky content of the same place and period.

    ``challenged`` is rounded, and ``None`` where it is withheld.
    """
    share = low = high = None
    if challenged is not None and whole.flagged and whole.contributors:
        found = challenge_share(challenged, whole.flagged, whole.contributors, design)
        share, low, high = found.estimate, found.low, found.high
    return ChallengeRow(
        whole.period,
        whole.force_code,
        share,
        low,
        high,
        whole.flagged,
        Basis.UNCALIBRATED.value,
        None if share is None else challenged,
    )
