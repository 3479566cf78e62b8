"""A category's rates over time, as a figure, and what every figure over time says alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from pipelines.release.places import NATIONAL
from pipelines.report import charts
from pipelines.report.charts import Kind
from pipelines.report.figure import LIMITS, PERIOD, Column, Figure, Value
from pipelines.report.findings import WHY
from pipelines.report.pages import Content, Panel

COLUMNS = (
    PERIOD,
    Column("estimate_per_1000", "Per 1,000"),
    *LIMITS,
    Column("messages", "Messages"),
    Column("contributors", "People"),
)
BY_QUARTER = "By quarter: too few people each month."
WITHHELD = f"Grey: not enough data, because {WHY}."


def trend_figure(content: Content, place: str, panel: Panel) -> Figure | None:
    """The figure of a panel of ``place``; ``None`` where there is nothing to draw."""
    latest, category = panel.finding.latest, panel.category
    if latest is None:
        return None
    national = national_rates(content, place, panel)
    told, overall = latest.basis, content.manifest["basis"]
    return Figure(
        id=category.code,
        title=category.name,
        finding=panel.finding.sentence,
        kind=Kind("trend", beside(place, national)),
        columns=COLUMNS,
        rows=[
            {
                "period": row.period,
                "estimate_per_1000": row.estimate_per_1000,
                "low": row.low,
                "high": row.high,
                "messages": row.messages,
                "contributors": row.contributors,
                **({"national": national.get(row.period)} if national else {}),
            }
            for row in panel.rows
        ],
        gap="estimate_per_1000",
        beside={"trainings": training_marks(content, place)},
        notes=(
            *((BY_QUARTER,) if panel.quarterly else ()),
            *((f"The latest estimate is {told}.",) if told != overall else ()),
            *((WITHHELD,) if panel.finding.withheld else ()),
        ),
        of=category.code,
        protective=category.protective,
    )


def national_rates(content: Content, place: str, panel: Panel) -> dict[str, float | None]:
    """By period, what a panel of ``place`` is compared with: nothing on the national page."""
    if place == NATIONAL:
        return {}
    rows = content.series(NATIONAL, panel.category.code, panel.quarterly)
    return {row.period: row.estimate_per_1000 for row in rows}


def beside(place: str, national: Mapping[str, float | None]) -> str:
    """What a series of ``place`` is drawn beside, where ``national`` figures may be known."""
    if place == NATIONAL:
        return charts.NATIONAL
    known = any(figure is not None for figure in national.values())
    return charts.COMPARED if known else charts.FORCE


def training_marks(content: Content, place: str) -> list[dict[str, Value]]:
    """Training programmes as the charts mark them."""
    return [
        {**asdict(training), "force": content.forces[training.force_code].name}
        for training in content.trainings_of(place)
    ]
