"""How often risky messages were challenged: its chart's data, its table and what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.release.periods import is_quarter
from pipelines.release.places import NATIONAL
from pipelines.release.rows import ChallengeRow
from pipelines.report.charts import Kind
from pipelines.report.figure import LIMITS, PERIOD, Column, Figure
from pipelines.report.findings import WHY, period_name, periods_are
from pipelines.report.pages import Content, quarters_tell_more
from pipelines.report.trends import BY_QUARTER, WITHHELD, beside, training_marks

COLUMNS = (PERIOD, Column("share", "Per cent"), *LIMITS, Column("risky", "Risky messages"))


@dataclass(frozen=True, slots=True)
class ChallengePanel:
    """The challenge rate in one place. ``sentence`` is its finding."""

    rows: Sequence[ChallengeRow]
    sentence: str
    quarterly: bool

    @property
    def has_figures(self) -> bool:
        return any(row.share is not None for row in self.rows)


def challenge_panel(content: Content, place: str) -> ChallengePanel:
    """The panel of ``place``, by month, or by quarter where quarters tell more."""
    shown = [r.period for r in content.challenge if r.force_code == place and r.share is not None]
    quarterly = quarters_tell_more(shown)
    rows = _rows(content, place, quarterly)
    return ChallengePanel(rows, finding(rows), quarterly)


def challenge_figure(content: Content, place: str, panel: ChallengePanel) -> Figure | None:
    """The figure of a panel of ``place``; ``None`` where there is nothing to draw."""
    if not panel.has_figures:
        return None
    beside_it = [] if place == NATIONAL else _rows(content, NATIONAL, panel.quarterly)
    national = {row.period: row.share for row in beside_it}
    withheld = any(row.share is None for row in panel.rows)
    return Figure(
        id="challenged",
        title="Risky messages challenged, per cent",
        finding=panel.sentence,
        kind=Kind("challenge", beside(place, national)),
        columns=COLUMNS,
        rows=[
            {
                "period": row.period,
                "share": row.share,
                "low": row.low,
                "high": row.high,
                "risky": row.risky,
                **({"national": national.get(row.period)} if national else {}),
            }
            for row in panel.rows
        ],
        gap="share",
        beside={"trainings": training_marks(content, place)},
        notes=(
            *((BY_QUARTER,) if panel.quarterly else ()),
            *((WITHHELD,) if withheld else ()),
        ),
    )


def _rows(content: Content, place: str, quarterly: bool) -> list[ChallengeRow]:
    return [
        row
        for row in content.challenge
        if (row.force_code, is_quarter(row.period)) == (place, quarterly)
    ]


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
