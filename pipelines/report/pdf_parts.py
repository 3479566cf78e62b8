"""Parts that the PDFs of a release share, as plain data for their templates.

Sentences and figures are those of the site's pages, from the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.prevalence.method import Basis
from pipelines.release.estimation import PARTLY
from pipelines.release.places import NATIONAL
from pipelines.release.rows import ChallengeRow, HabitRow, ImpactRow, TrendRow
from pipelines.release.training import Training
from pipelines.report import pages
from pipelines.report.challenge import challenge_panel
from pipelines.report.findings import WHY, Change, per_1000, period_name
from pipelines.report.names import Force
from pipelines.report.pages import Content, Panel
from pipelines.report.pdf_charts import Axis, Point, chart

NO_FIGURE = Change.NONE.value
CHANGE_NOTE = (
    "Whether two periods differ is asked of the flagged messages where the same error rates "
    "corrected both, since an error in those moves both alike."
)
LEVELS = (
    "correct for the classifier's mistakes by rates measured on other text, not on these chats: "
    "use them for direction, not for level."
)
BASIS_NOTES = {
    Basis.UNCALIBRATED.value: f"Estimates {LEVELS}",
    PARTLY: f"Some estimates {LEVELS}",
}
HASH_SHOWN = 12  # characters


def heading(manifest: Mapping[str, Any], place: str) -> dict[str, Any]:
    """What any PDF says of itself, and what is said at the top of every page of the site."""
    release = period_name(manifest["release"])
    approval, basis = manifest["approval"], manifest["basis"]
    said = (
        ("Please note", manifest["notice"]),
        ("Approval", "" if approval["policy"] == "two_people" else approval["note"]),
        (basis, BASIS_NOTES.get(basis, "")),
    )
    return {
        "release": release,
        "month": manifest["release"],
        "description": f"Risky messaging in police chats, {place}, release {release}",
        "notices": [(tag, text) for tag, text in said if text],
    }


def origin(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """How a release was approved and what made it."""
    return {
        "approval": manifest["approval"]["note"],
        "config-sha256": manifest["config_sha256"][:HASH_SHOWN],
        "code-sha256": manifest["code_sha256"][:HASH_SHOWN],
        "previous": len(manifest["previous"]),
    }


def findings(content: Content, force: Force) -> dict[str, Any]:
    """What both documents say of a place: latest rates, trends and challenge."""
    panels = [pages.panel(content, force.code, c) for c in content.categories.values()]
    shown = [panel for panel in panels if panel.finding.change is not Change.NONE]
    empty = [panel for panel in panels if panel.finding.change is Change.NONE]
    months = content.months
    return {
        "lede": "Of every 1,000 messages in the chats officers volunteered, how many show each "
        f"kind of risk, {period_name(months[0])} to {period_name(months[-1])}.",
        "glance": [_glance(panel, content.manifest["basis"]) for panel in (*shown, *empty)],
        "why": WHY,
        "change-note": CHANGE_NOTE,
        "panels": [_panel(content, panel, force.code) for panel in shown],
        "empty": [panel.category.name for panel in empty],
        "challenge": _challenge(content, force.code),
        "window": content.manifest["config"]["impact_window_months"],
    }


def denominator(content: Content, force: str) -> list[tuple[str, str]]:
    """Messages of the latest period that has them, and the people who volunteered them."""
    here = pages.latest_denominator(content, force)
    people = "People who volunteered them"
    if here is None:
        return [("Messages", NO_FIGURE), (people, NO_FIGURE)]
    messages = f"Messages, {period_name(here.period)}"
    return [(messages, count(here.messages)), (people, count(here.contributors))]


def trainings_of(content: Content, force: str) -> list[Training]:
    """Programmes that start within the release's months; every force's for England and Wales."""
    first, last = content.months[0], content.months[-1]
    return [
        training
        for training in content.trainings
        if force in (NATIONAL, training.force_code) and first <= training.start[:7] <= last
    ]


def compared(row: ImpactRow) -> bool:
    """Whether both sides of a training have a figure."""
    return row.before_per_1000 is not None and row.after_per_1000 is not None


def comparison(row: ImpactRow, *names: str) -> dict[str, Any]:
    """A category's rates before and after a training, under ``names``."""
    return {
        "names": names,
        "before": per_1000(row.before_per_1000),
        "before-interval": interval(row.before_low, row.before_high),
        "after": per_1000(row.after_per_1000),
        "after-interval": interval(row.after_low, row.after_high),
    }


def training_said(row: ImpactRow) -> str:
    """A programme and its month."""
    return f"{row.programme}, {period_name(row.start[:7])}"


def share(row: HabitRow) -> str:
    """A habit's share, per cent."""
    return per_cent(row.estimate_per_1000)


def share_interval(row: HabitRow) -> str:
    """Its 95% interval."""
    return f"{per_cent(row.low)} to {per_cent(row.high)}"


def per_cent(per_1000: float | None) -> str:
    """A share per 1,000 for reading, as the site's habit charts have it."""
    return "[c]" if per_1000 is None else f"{per_1000 / 10:.1f}%"


def interval(low: float | None, high: float | None) -> str:
    """A rate's 95% interval for reading."""
    return f"{per_1000(low)} to {per_1000(high)}"


def count(value: int | None) -> str:
    """A count for reading."""
    return NO_FIGURE if value is None else f"{value:,}"


def _glance(panel: Panel, basis: str) -> dict[str, str]:
    """A row of the latest rates; it has a ``basis`` where that is not the release's."""
    latest = panel.finding.latest
    return {
        "basis": latest.basis if latest and latest.basis != basis else "",
        "name": panel.category.name,
        "estimate": per_1000(latest.estimate_per_1000 if latest else None),
        "interval": interval(latest.low, latest.high) if latest else "[c]",
        "period": period_name(latest.period) if latest else "",
        "change": panel.finding.change.value,
    }


def _panel(content: Content, panel: Panel, force: str) -> dict[str, Any]:
    national = content.series(NATIONAL, panel.category.code, panel.quarterly)
    beside = {} if force == NATIONAL else {row.period: row.estimate_per_1000 for row in national}
    return {
        "name": panel.category.name,
        "unit": "per 1,000 messages",
        "protective": panel.category.protective,
        "sentence": panel.finding.sentence,
        "quarterly": panel.quarterly,
        "chart": _chart(content, force, [_rate(row) for row in panel.rows], beside),
    }


def _challenge(content: Content, force: str) -> dict[str, Any]:
    panel = challenge_panel(content, force)
    periods = {row.period for row in panel.rows}
    national = [r for r in content.challenge if r.force_code == NATIONAL and r.period in periods]
    beside = {} if force == NATIONAL else {row.period: row.share for row in national}
    points = [_challenged(row) for row in panel.rows]
    return {
        "name": "Risky messages challenged, per cent",
        "unit": "per cent",
        "protective": False,
        "sentence": panel.sentence,
        "quarterly": panel.quarterly,
        "chart": _chart(content, force, points, beside) if panel.has_figures else None,
    }


def _chart(
    content: Content, force: str, points: list[Point], beside: Mapping[str, float | None]
) -> dict[str, Any]:
    return chart(
        points,
        Axis(content.months),
        beside=beside,
        trainings=trainings_of(content, force),
        spans=force != NATIONAL,
    )


def _rate(row: TrendRow) -> Point:
    return Point(row.period, row.estimate_per_1000, row.low, row.high)


def _challenged(row: ChallengeRow) -> Point:
    return Point(row.period, row.share, row.low, row.high)
