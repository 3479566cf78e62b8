"""Are estimates made of published counts and constants, and of nothing else?

Every estimate, share, comparison, effect and interval is made again from rounded counts and the
manifest's printed constants. Where one differs something else went into it, which its digits would
tell. The counts beside a habit are those of the trends, which alone are attacked.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.errors import GateError
from pipelines.prevalence.design import Design
from pipelines.prevalence.method import Method
from pipelines.release.audit.close import are_close
from pipelines.release.audit.effects import effects_are_made_of_figures
from pipelines.release.cells import ANY_RISK
from pipelines.release.challenge import make_row
from pipelines.release.estimation import by_period, designs_by_period, estimated_in
from pipelines.release.publish import read_manifest
from pipelines.release.rounding import ROUNDING_BASE, estimate, rate
from pipelines.release.rows import (
    ChallengeRow,
    EffectRow,
    HabitRow,
    ImpactRow,
    TrendRow,
    read_rows,
)
from pipelines.release.training import impact_rows, read_trainings


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
    _check_habits(folder, trends)
    again = list(impact_rows(trends, read_trainings(folder / "training.csv"), methods))
    found = read_rows(folder, ImpactRow)
    if len(found) != len(again) or not all(map(_is_compared, found, again)):
        raise GateError(
            f"The disclosure audit refused {folder.name}: its comparisons before and after "
            "training are not made of its published months alone. Draft the release again."
        )
    if (folder / EffectRow.FILE).exists() and not effects_are_made_of_figures(folder):
        raise GateError(
            f"The disclosure audit refused {folder.name}: its effects of training are not made of "
            "its published months alone. Draft the release again."
        )


def _check_habits(folder: Path, trends: Iterable[TrendRow]) -> None:
    counts = {(row.period, row.force_code): (row.messages, row.contributors) for row in trends}
    for row in read_rows(folder, HabitRow):
        of_trends = counts.get((row.period, row.force_code))
        if (row.messages, row.contributors) != of_trends or not _is_share(row):
            raise GateError(
                f"The disclosure audit refused {folder.name}: the share of {row.habit} "
                f"{row.value} in {row.force_code} {row.period} is not made of the counts that "
                "trends.csv publishes. Draft the release again."
            )


def _is_share(row: HabitRow) -> bool:
    said = (row.estimate_per_1000, row.low, row.high)
    if row.part is None:
        return said == (None, None, None)
    if not row.messages or not row.contributors:
        return False
    made = rate(row.part, row.messages, row.contributors)
    return are_close(said, (made.estimate, made.low, made.high))


def _is_compared(said: ImpactRow, made: ImpactRow) -> bool:
    """Whether every field is the same, figures to their last digit."""
    figures, texts = zip(*(_fields(row) for row in (said, made)), strict=True)
    return texts[0] == texts[1] and are_close(*figures)


def _fields(row: ImpactRow) -> tuple[list[float | None], list[str | int]]:
    before = [row.before_per_1000, row.before_low, row.before_high]
    after = [row.after_per_1000, row.after_low, row.after_high]
    of = [row.force_code, row.programme, row.start, row.end, row.category, row.basis]
    return [*before, *after], [*of, row.months_before, row.months_after]


def _made_again(whole: TrendRow, said: ChallengeRow, design: Design) -> ChallengeRow | None:
    if said.challenged is not None and said.challenged % ROUNDING_BASE:
        return None
    return make_row(whole, said.challenged, design)


def _is_same(said: ChallengeRow, made: ChallengeRow) -> bool:
    counts = [(row.risky, row.challenged, row.basis) for row in (said, made)]
    return counts[0] == counts[1] and are_close(
        (said.share, said.low, said.high), (made.share, made.low, made.high)
    )


def _is_made_of_counts(row: TrendRow, method: Method) -> bool:
    said = (row.estimate_per_1000, row.low, row.high)
    counts = (row.flagged, row.messages, row.contributors)
    if any(count is not None and count % ROUNDING_BASE for count in counts):
        return False
    if row.flagged is None:
        return said == (None, None, None)
    if not row.messages or not row.contributors:
        return False
    found = estimate(row.flagged, row.messages, row.contributors, method)
    return are_close(said, (found.estimate, found.low, found.high))
