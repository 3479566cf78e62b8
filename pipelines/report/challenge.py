"""How often risky messages were challenged: its chart's data, its table and what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.release.periods import is_quarter
from pipelines.release.places import NATIONAL
from pipelines.release.rows import ChallengeRow
from pipelines.report.charts import TrendKind
from pipelines.report.findings import WHY, period_name, periods_are
from pipelines.report.pages import (
    Content,
    gaps,
    points,
    quarters_tell_more,
    training_marks,
    trend_kind,
)


@dataclass(frozen=True, slots=True)
class ChallengePanel:
    """The challenge rate on one page. ``sentence`` is its finding and its chart's alt text."""

    rows: Sequence[ChallengeRow]
    sentence: str
    kind: TrendKind
    data: dict[str, list[dict[str, Any]]]
    quarterly: bool

    @property
    def has_figures(self) -> bool:
        return any(row.share is not None for row in self.rows)


def challenge_panel(content: Content, force: str) -> ChallengePanel:
    """The panel of ``force``, by month, or by quarter where quarters tell more."""
    shown = [r.period for r in content.challenge if r.force_code == force and r.share is not None]
    quarterly = quarters_tell_more(shown)
    here, everywhere = (
        [r for r in content.challenge if (r.force_code, is_quarter(r.period)) == (code, quarterly)]
        for code in (force, NATIONAL)
    )
    beside = {r.period: r.share for r in everywhere} if force != NATIONAL else {}
    shares = {row.period: row.share for row in here}
    rows = [
        {
            **point,
            "low": row.low,
            "high": row.high,
            "risky": row.risky,
            "national": beside.get(row.period),
        }
        for row, point in zip(here, points(shares), strict=True)
    ]
    data = {"rows": rows, "gaps": gaps(shares), "trainings": training_marks(content, force)}
    kind = trend_kind(force, any(share is not None for share in beside.values()))
    return ChallengePanel(here, finding(here), kind, data, quarterly)


def finding(rows: Sequence[ChallengeRow]) -> str:
    """What one place's rows show, in order of period: first and latest, and whether they differ.

    Intervals that overlap are no clear change.
    """
    shown = [row for row in rows if row.share is not None]
    if not shown:
        return f"Not enough data in any month or quarter: {WHY}."
    first, latest = shown[0], shown[-1]
    unit = "quarter" if is_quarter(latest.period) else "month"
    withheld = len(rows) - len(shown)
    gap = f" {periods_are(withheld, unit)} withheld: not enough data." if withheld else ""
    if first is latest:
        return f"{_said(latest)}, the only {unit} published.{gap}"
    return f"{_verdict(first, latest)}: {_said(first)}, {_said(latest)}.{gap}"


def per_cent(value: float | None) -> str:
    """A share for reading, in whole per cent."""
    return "[c]" if value is None else f"{value:.0f}%"


def _verdict(first: ChallengeRow, latest: ChallengeRow) -> str:
    if (latest.low or 0.0) > (first.high or 0.0):
        return "Higher than at the start"
    return (
        "Lower than at the start"
        if (latest.high or 0.0) < (first.low or 0.0)
        else ("No clear change")
    )


def _said(row: ChallengeRow) -> str:
    interval = f"95% interval {per_cent(row.low)} to {per_cent(row.high)}"
    return (
        f"{per_cent(row.share)} of {row.risky:,} risky messages challenged ({interval}) in "
        f"{period_name(row.period)}"
    )
