"""What followed training in all trained forces together: in words, tables and charts.

Site and PDF alike. No word here says that training did it: the design does not carry that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.impact.effects import OVERALL, PERIODS
from pipelines.impact.leads import LEADS
from pipelines.impact.reasons import Reason
from pipelines.release.effect_panels import WEEKENDS
from pipelines.release.effects import ESTIMATED, PLACEBO_DATE
from pipelines.release.places import NATIONAL
from pipelines.release.rows import DECIMALS, NOT_AVAILABLE, EffectRow
from pipelines.report.charts import Kind
from pipelines.report.figure import Column, Figure, Value
from pipelines.report.findings import Change
from pipelines.report.names import Category
from pipelines.report.pages import Content

EVENTS = (*LEADS, *PERIODS)
"""The points of an event study, in order of time."""
PLACEBO = Category(WEEKENDS, "Messages sent at weekends (placebo)", protective=False)
UNUSUAL = 0.05  # a p at or below it speaks against the comparison
WHY = {
    Reason.TRAINED_FORCES: "fewer than three trained forces have enough published months, or fewer "
    "than three untrained ones are left to compare them with",
    Reason.COHORTS: "all of its trained forces were trained in the same month",
    Reason.NOTHING_BEFORE: "no published month is long enough before training",
    Reason.NOTHING_AFTER: "nothing is left once the classifier's false alarms are taken off",
    Reason.FALSE_ALARMS: "the classifier's false alarms may be all there is; labels of this "
    "collection would tell",
    Reason.TOO_UNSURE: "the interval is too wide to say anything",
    Reason.NOT_IDENTIFIED: "what is published does not connect forces and months enough",
}
CANNOT_SHOW = (
    (
        "That training did it",
        "Dates were chosen by people, perhaps because of how things were going. The checks can say "
        "that the comparison fails; they cannot say that it holds.",
    ),
    (
        "What officers say elsewhere",
        "Volunteers choose themselves and what they upload. After training other people may "
        "volunteer, and people may write elsewhere or more carefully. A ratio below 1 may be any "
        "of these.",
    ),
    (
        "One force or one programme",
        "A ratio is an average over all trained forces, in which larger ones count for more. A "
        "force that ran several programmes is placed by its first.",
    ),
    (
        "What is withheld",
        "Only published months count, and a month is withheld when few messages were flagged. "
        "Forces with many such months are left out, so a large fall can look smaller than it is.",
    ),
    (
        "Everything at once",
        "Many kinds of content are looked at: where nothing changes, about one interval in twenty "
        "still leaves out 1.",
    ),
)
COLUMNS = (
    Column("window", "Months"),
    *(
        Column(name, title, NOT_AVAILABLE)
        for name, title in (("ratio", "Ratio"), ("low", "Low"), ("high", "High"))
    ),
    Column("trained_forces", "Trained forces"),
    Column("status", "Status"),
)


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed training in one category, or in the placebo outcome."""

    category: Category
    rows: Mapping[str, EffectRow]

    @property
    def overall(self) -> EffectRow:
        return self.rows[OVERALL]

    @property
    def placebo(self) -> EffectRow:
        return self.rows[PLACEBO_DATE]

    @property
    def events(self) -> list[EffectRow]:
        return [self.rows[window] for window in EVENTS]

    @property
    def estimated(self) -> bool:
        return self.overall.status == ESTIMATED

    @property
    def sentence(self) -> str:
        """The finding over the year after training, and what speaks against it."""
        return f"{_said(self.overall)}{''.join(f' {doubt}' for doubt in self.doubts)}"

    @property
    def doubts(self) -> list[str]:
        """Which checks say that the comparison does not hold."""
        found, p = [], self.overall.pre_trend_p
        if p is not None and p <= UNUSUAL:
            found.append("Trained and untrained forces moved apart before training.")
        if is_clear(self.placebo):
            found.append("A training that never was seems to have done something too.")
        return [f"Do not rely on it: {' '.join(found)}"] if found else []

    @property
    def why_not(self) -> str:
        """Why there is no estimate."""
        return WHY[Reason(self.overall.status)]


def followed(content: Content) -> list[Followed]:
    """Every category in the taxonomy's order, and the placebo outcome last."""
    rows: dict[str, dict[str, EffectRow]] = {}
    for row in content.effects:
        rows.setdefault(row.outcome, {})[row.window] = row
    shown = [*content.categories.values(), PLACEBO]
    return [Followed(one, rows[one.code]) for one in shown if one.code in rows]


def effects_page(content: Content) -> dict[str, Any]:
    """What ``training.html.j2`` shows; ``figures`` are its charts."""
    found = followed(content)
    told = [one for one in found if one.estimated]
    return {
        "told": told,
        "table": table_of(told),
        "untold": [one for one in found if not one.estimated],
        "trained": len({training.force_code for training in content.trainings_of(NATIONAL)}),
        "cannot_show": CANNOT_SHOW,
        "figures": [effect_figure(one) for one in told],
    }


def effect_figure(one: Followed) -> Figure:
    """The event study of one category."""
    withheld = [row for row in one.events if row.status != ESTIMATED]
    reasons = dict.fromkeys(WHY[Reason(row.status)] for row in withheld)
    return Figure(
        id=f"effect-{'weekends' if one.category is PLACEBO else one.category.code}",
        title=f"{one.category.name}, around training",
        finding=one.sentence,
        kind=Kind("effect", values=EVENTS),
        columns=COLUMNS,
        rows=[_drawn(row) for row in one.events],
        notes=tuple(f"Grey: not enough data, because {why}." for why in reasons),
        of=one.category.code,
        protective=one.category.protective,
    )


def figure_of(value: float | None) -> str:
    """A ratio or a p as the release prints it."""
    return NOT_AVAILABLE if value is None else f"{value:.{DECIMALS}f}"


def interval_of(row: EffectRow) -> str:
    """A ratio's 95% interval as the release prints it."""
    if row.low is None or row.high is None:
        return Change.NONE.value
    return f"{figure_of(row.low)} to {figure_of(row.high)}"


def is_clear(row: EffectRow) -> bool:
    """Whether the interval leaves out 1."""
    return row.low is not None and row.high is not None and not row.low <= 1 <= row.high


def _said(row: EffectRow) -> str:
    if row.ratio is None:
        return f"{Change.NONE}: {WHY[Reason(row.status)]}."
    of = (
        f"ratio {figure_of(row.ratio)}, 95% interval {interval_of(row)}, "
        f"{row.trained_forces} trained forces"
    )
    if is_clear(row):
        many, more = abs(1 - row.ratio), "fewer" if row.ratio < 1 else "more"
        return (
            f"In the year after training {many:.0%} {more} than untrained forces let expect ({of})."
        )
    return f"No clear difference in the year after training ({of}).{_unseen(row)}"


def _unseen(row: EffectRow) -> str:
    if row.least_detectable is None:
        return ""
    return (
        f" A ratio of {figure_of(row.least_detectable)} would have been seen four times in five; "
        "a weaker one may be there unseen."
    )


def _drawn(row: EffectRow) -> dict[str, Value]:
    drawn: dict[str, Value] = {column.name: getattr(row, column.name) for column in COLUMNS}
    why = "" if row.status == ESTIMATED else f"Not enough data: {WHY[Reason(row.status)]}"
    return drawn | {"said": why}


def table_of(rows: Sequence[Followed]) -> list[dict[str, str]]:
    """The year after training, a line an outcome, as it is printed."""
    return [
        {
            "code": one.category.code,
            "name": one.category.name,
            "ratio": figure_of(one.overall.ratio),
            "interval": interval_of(one.overall),
            "p": figure_of(one.overall.permutation_p),
            "pre": figure_of(one.overall.pre_trend_p),
            "placebo": figure_of(one.placebo.ratio),
            "placebo_interval": interval_of(one.placebo),
            "least": figure_of(least) if (least := one.overall.least_detectable) else "Not needed",
            "trained": str(one.overall.trained_forces),
            "forces": str(one.overall.forces),
            "months": f"{one.overall.force_months:,}",
            "left_out": f"{one.overall.force_months_left_out:,}",
        }
        for one in rows
    ]
