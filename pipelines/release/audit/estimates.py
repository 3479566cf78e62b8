"""Are estimates made of published counts and constants, and of nothing else?

Every estimate and interval is made again from its row's rounded counts and the manifest's printed
constants. Where one differs something else went into it, which its digits would tell.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import GateError
from pipelines.prevalence.method import Method
from pipelines.release.estimation import by_period, estimated_in
from pipelines.release.publish import read_manifest
from pipelines.release.rounding import ROUNDING_BASE, estimate
from pipelines.release.rows import DECIMALS, TrendRow, read_rows

TOLERANCE = 1.5 * 10**-DECIMALS  # the last digit: another machine may round it otherwise


def check_estimates(folder: Path) -> None:
    """Raise ``GateError`` naming the first row that is not what its counts make."""
    methods = by_period(estimated_in(read_manifest(folder)))
    for row in read_rows(folder, TrendRow):
        method = methods.get(row.period, {}).get(row.category)
        if method is None or row.basis != method.basis or not _is_made_of_counts(row, method):
            raise GateError(
                f"The disclosure audit refused {folder.name}: the estimate of {row.category} in "
                f"{row.force_code} {row.period} is not made of its published counts and the "
                "manifest's constants alone. Draft the release again."
            )


def _is_made_of_counts(row: TrendRow, method: Method) -> bool:
    said = (row.estimate_per_1000, row.low, row.high)
    if row.flagged is None:
        return said == (None, None, None)
    if row.messages is None or row.contributors is None or row.flagged % ROUNDING_BASE:
        return False
    found = estimate(row.flagged, row.messages, row.contributors, method)
    made = (found.estimate, found.low, found.high)
    return all(
        one is not None and abs(one - other) <= TOLERANCE
        for one, other in zip(said, made, strict=True)
    )
