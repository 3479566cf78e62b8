"""Forces beside the national rate without a league table: a funnel plot of each category.

A force of few messages strays far from any rate by chance. The limits say how far: those of the
national flag rate at as many messages as a force has, with the design of the estimates
(``pipelines/prevalence/design.py``) and the national number of messages a person, corrected by the
same error rates as every force's estimate (Spiegelhalter, 2005, "Funnel plots for comparing
institutional performance"; on the arcsine scale, which suits small shares). Only published figures
are drawn or used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, exp, log, pi, sin, sqrt

from pipelines.prevalence.design import effective
from pipelines.prevalence.method import Method
from pipelines.release.places import NATIONAL
from pipelines.release.rounding import PER
from pipelines.release.rows import TrendRow
from pipelines.report.charts import Kind
from pipelines.report.figure import LIMITS, Column, Figure, Value
from pipelines.report.findings import per_1000, period_name
from pipelines.report.names import Category
from pipelines.report.pages import Content

Z = {"95": 1.959964, "998": 3.090232}
"""The normal distribution's points that leave 1 in 20 and 1 in 500 outside."""
INSIDE, OUTSIDE, FAR_OUTSIDE = (
    "Within the limits",
    "Outside the 95% limits",
    "Outside the 99.8% limits",
)
CURVE_POINTS = 24
MARGIN = 1.15  # the limits reach that much beyond the smallest and largest force
COLUMNS = (
    Column("force", "Force"),
    Column("messages", "Messages"),
    Column("estimate_per_1000", "Per 1,000"),
    *LIMITS,
    Column("where", "Beside the national rate"),
)
Limits = dict[str, float]


@dataclass(frozen=True, slots=True)
class Funnel:
    """What chance alone would make of the national rate: ``messages_a_person`` nationally."""

    flag_rate: float
    messages_a_person: float
    method: Method

    def limits(self, messages: float) -> Limits:
        """``low_95``, ``high_95``, ``low_998`` and ``high_998`` per 1,000, at ``messages``."""
        people = max(messages / self.messages_a_person, 1.0)
        size = effective(messages, people, self.method.correlation, self.method.size_variation)
        return {
            f"{side}_{name}": self._rate(_limit(self.flag_rate, size, sign * z))
            for name, z in Z.items()
            for side, sign in (("low", -1), ("high", 1))
        }

    def where(self, estimate: float, messages: int) -> str:
        """Where a force's estimate per 1,000 lies."""
        found = self.limits(messages)
        if found["low_95"] <= estimate <= found["high_95"]:
            return INSIDE
        return OUTSIDE if found["low_998"] <= estimate <= found["high_998"] else FAR_OUTSIDE

    def _rate(self, flag_rate: float) -> float:
        rates = self.method.rates
        corrected = (flag_rate - rates.fpr) / (rates.tpr - rates.fpr)
        return PER * min(max(corrected, 0.0), 1.0)


def funnels(content: Content) -> list[Figure]:
    """A funnel plot of each category that has figures of a force and the national one."""
    found = (funnel_figure(content, category) for category in content.categories.values())
    return [figure for figure in found if figure is not None]


def funnel_figure(content: Content, category: Category) -> Figure | None:
    """Forces in the latest month or quarter, whichever has figures of more forces."""
    rows = _latest(content, category.code)
    if not rows:
        return None
    period = rows[0].period
    national = content.row(NATIONAL, category.code, period)
    if national is None or not national.messages or not national.contributors:
        return None
    funnel = Funnel(
        (national.flagged or 0) / national.messages,
        national.messages / national.contributors,
        content.methods(category.code)[period],
    )
    drawn = [_drawn(content, row, funnel) for row in rows]
    centre = national.estimate_per_1000 or 0.0
    return Figure(
        id=f"funnel-{category.code}",
        title=f"{category.name}: forces beside the national rate",
        finding=funnel_finding(drawn, centre, period),
        kind=Kind("funnel"),
        columns=COLUMNS,
        rows=drawn,
        beside={"limits": _curve(funnel, centre, [row.messages or 0 for row in rows])},
        of=category.code,
        protective=category.protective,
    )


def funnel_finding(drawn: Sequence[dict[str, Value]], national: float, period: str) -> str:
    """Which forces lie outside the limits, and how many would by chance."""
    outside = [str(row["force"]) for row in drawn if row["where"] != INSIDE]
    forces = "1 force has" if len(drawn) == 1 else f"{len(drawn)} forces have"
    said = f"{', '.join(outside)} outside the 95% limits" if outside else "All within the limits"
    return (
        f"{period_name(period)}: {forces} a figure. {said} around the national "
        f"rate of {per_1000(national)} per 1,000 messages; by chance alone about "
        f"{len(drawn) / 20:.0f} would be outside."
    )


def _latest(content: Content, category: str) -> list[TrendRow]:
    """Published forces' rows of the period chosen, alphabetically: the order ranks nobody."""
    forces = [force.code for force in content.forces.values() if force.is_force]
    quarters = [period for period in content.periods if "Q" in period]
    found = []
    for period in (content.months[-1], *quarters[-1:]):
        national = content.row(NATIONAL, category, period)
        rows = [content.row(force, category, period) for force in forces]
        if national is not None and national.estimate_per_1000 is not None:
            found.append([r for r in rows if r is not None and r.estimate_per_1000 is not None])
    return max(found, key=len, default=[])


def _drawn(content: Content, row: TrendRow, funnel: Funnel) -> dict[str, Value]:
    estimate, messages = row.estimate_per_1000 or 0.0, row.messages or 0
    return {
        "force": content.forces[row.force_code].name,
        "messages": messages,
        "estimate_per_1000": estimate,
        "low": row.low,
        "high": row.high,
        "where": funnel.where(estimate, messages),
    }


def _curve(funnel: Funnel, centre: float, messages: Sequence[int]) -> list[dict[str, Value]]:
    """The limits at messages from the smallest force's to the largest's, evenly on a log scale."""
    low, high = log(min(messages) / MARGIN), log(max(messages) * MARGIN)
    steps = [exp(low + (high - low) * n / (CURVE_POINTS - 1)) for n in range(CURVE_POINTS)]
    return [
        {
            "messages": round(at),
            "national": centre,
            **{name: round(value, 3) for name, value in funnel.limits(at).items()},
        }
        for at in steps
    ]


def _limit(share: float, size: float, z: float) -> float:
    """How far chance takes a share among ``size``, where arcsines of its root vary alike."""
    angle = asin(sqrt(share)) + z / (2 * sqrt(size))
    return sin(min(max(angle, 0.0), pi / 2)) ** 2
