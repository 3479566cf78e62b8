"""Are estimates made of published counts and constants, and of nothing else?

Every estimate, share and interval is made again from rounded counts and the manifest's printed
constants. Where one differs something else went into it, which its digits would tell.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import GateError
from pipelines.prevalence.design import Design
from pipelines.prevalence.method import Method
from pipelines.release.cells import ANY_RISK
from pipelines.release.challenge import make_row
from pipelines.release.estimation import by_period, designs_by_period, estimated_in
from pipelines.release.publish import read_manifest
from pipelines.release.rounding import ROUNDING_BASE, estimate
from pipelines.release.rows import DECIMALS, ChallengeRow, TrendRow, read_rows

TOLERANCE = 1.5 * 10**-DECIMALS  # the last digit: another machine may round it otherwise


def check_estimates(folder: Path) -> None:
    """Raise ``GateError`` naming the first row that is not what its counts make."""
    estimated = estimated_in(read_manifest(folder))
    methods, trends = by_period(estimated), read_rows(folder, TrendRow)
    for row in trends:
        method = methods.get(row.period, {}).get(row.category)
        if method is None or row.basis != method.basis or not _is_made_of_counts(row, method):
            raise GateError(
                f"The disclosure audit refused {folder.name}: the estimate of {row.category} in "
                f"{row.force_code} {row.period} is not made of its published counts and the "
                "manifest's constants alone. Draft the release again."
            )
    designs = designs_by_period(estimated)
    wholes = {(row.period, row.force_code): row for row in trends if row.category == ANY_RISK}
    for said in read_rows(folder, ChallengeRow):
        whole, design = wholes.get((said.period, said.force_code)), designs.get(said.period)
        made = whole and design and _made_again(whole, said, design)
        if not made or not _is_same(said, made):
            raise GateError(
                f"The disclosure audit refused {folder.name}: the challenge rate of "
                f"{said.force_code} {said.period} is not made of its published counts and the "
                "manifest's constants alone. Draft the release again."
            )


def _made_again(whole: TrendRow, said: ChallengeRow, design: Design) -> ChallengeRow | None:
    if said.challenged is not None and said.challenged % ROUNDING_BASE:
        return None
    return make_row(whole, said.challenged, design)


def _is_same(said: ChallengeRow, made: ChallengeRow) -> bool:
    counts = [(row.risky, row.challenged, row.basis) for row in (said, made)]
    return counts[0] == counts[1] and all(
        one == other or (one is not None and other is not None and abs(one - other) <= TOLERANCE)
        for one, other in ((said.share, made.share), (said.low, made.low), (said.high, made.high))
    )


def _is_made_of_counts(row: TrendRow, method: Method) -> bool:
    said = (row.estimate_per_1000, row.low, row.high)
    if row.flagged is None:
        return said == (None, None, None)
    if not row.messages or not row.contributors or row.flagged % ROUNDING_BASE:
        return False
    found = estimate(row.flagged, row.messages, row.contributors, method)
    made = (found.estimate, found.low, found.high)
    return all(
        one is not None and abs(one - other) <= TOLERANCE
        for one, other in zip(said, made, strict=True)
    )
