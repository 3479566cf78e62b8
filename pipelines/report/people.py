"""Who stands behind the figures: people over time, and forces by how many people they have.

Both are counted from the published numbers of contributors, so they say no more than those.
"""

from __future__ import annotations

from collections import Counter

from pipelines.release.cells import ANY_RISK
from pipelines.release.rows import TrendRow
from pipelines.report.charts import Kind
from pipelines.report.figure import PERIOD, Column, Figure, Value
from pipelines.report.findings import period_name
from pipelines.report.pages import Content, quarters_tell_more
from pipelines.report.trends import BY_QUARTER, WITHHELD

NO_BAND = "Not enough data"
BANDS = {100: "100 or more", 50: "50 to 95", 25: "25 to 45", 0: "10 to 20"}
"""By the least people of each; contributors are published rounded to 5, and none below 10."""
COLUMNS = (PERIOD, Column("contributors", "People"), Column("messages", "Messages"))


def people_figure(content: Content, place: str) -> Figure | None:
    """People who volunteered ``place``'s messages, by period; ``None`` where it is never said."""
    rows = [row for quarterly in (False, True) for row in _denominators(content, place, quarterly)]
    quarterly = quarters_tell_more([row.period for row in rows if row.contributors is not None])
    drawn = _denominators(content, place, quarterly)
    if not any(row.contributors is not None for row in drawn):
        return None
    withheld = any(row.contributors is None for row in drawn)
    return Figure(
        id="people",
        title="People who volunteered messages",
        finding=_people_finding(drawn),
        kind=Kind("people"),
        columns=COLUMNS,
        rows=[
            {"period": r.period, "contributors": r.contributors, "messages": r.messages}
            for r in drawn
        ],
        gap="contributors",
        notes=(*((BY_QUARTER,) if quarterly else ()), *((WITHHELD,) if withheld else ())),
    )


def bands_figure(content: Content) -> Figure:
    """Forces by how many people they have, month by month."""
    forces = [force.code for force in content.forces.values() if force.is_force]
    names = (*BANDS.values(), NO_BAND)
    rows: list[dict[str, Value]] = []
    for month in content.months:
        found = Counter(
            band(row.contributors if row else None)
            for row in (content.row(force, ANY_RISK, month) for force in forces)
        )
        rows.append({"period": month, **{name: found[name] for name in names}})
    latest = rows[-1]
    said = ", ".join(f"{latest[name]} had {name}" for name in BANDS.values())
    return Figure(
        id="bands",
        title="Forces by how many people volunteered",
        finding=f"People in each of {len(forces)} forces, {period_name(content.months[-1])}: "
        f"{said}; not enough data of {latest[NO_BAND]}.",
        kind=Kind("bands", values=names),
        columns=(PERIOD, *(Column(name, name) for name in names)),
        rows=rows,
    )


def band(contributors: int | None) -> str:
    """The band of a published number of contributors."""
    if contributors is None:
        return NO_BAND
    return next(name for least, name in BANDS.items() if contributors >= least)


def _denominators(content: Content, place: str, quarterly: bool) -> list[TrendRow]:
    return content.series(place, ANY_RISK, quarterly)


def _people_finding(rows: list[TrendRow]) -> str:
    shown = [(row.period, row.contributors) for row in rows if row.contributors is not None]
    period, latest = shown[-1]
    least, most = (pick(people for _, people in shown) for pick in (min, max))
    now = f"{latest:,} people in {period_name(period)}"
    return (
        f"{now}." if least == most else f"{now}; from {least:,} to {most:,} in the periods shown."
    )
