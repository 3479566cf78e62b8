"""The chart templates, as Vega-Lite made by Altair. Each page holds a template once; its data
is put in, chart by chart, in the browser (``assets/charts.js``).

Colours are the Government Analysis Function's accessible palette; none is the only sign of
anything. A row of a period is given ``start``, ``middle``, ``end`` and ``name`` of it, and whether
it is ``alone``, without a figure before and after; ``gaps`` are made there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from pipelines.report.chart_style import (
    BANDS,
    BAR_HEIGHT,
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    HEIGHT,
    MID_GREY,
    ORANGE,
    SEQUENTIAL,
    finish,
)
from pipelines.report.chart_time import (
    band,
    gaps,
    national_line,
    points_and_line,
    time,
    time_axis,
    training_spans,
    training_ticks,
)

FORCE, COMPARED, NATIONAL = "force", "compared", "national"
"""What a series is drawn beside: its force's training as a span; that, and the national line; a
triangle on the time axis for each force's training."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A chart template. ``values`` are what its rows are split by, or how many bars there are."""

    name: str
    beside: str = ""
    values: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return "-".join(filter(None, (self.name, self.beside, *self.values)))


@cache
def chart(kind: Kind) -> dict[str, Any]:
    """The template of ``kind``."""
    match kind.name:
        case "trend":
            counts = [("messages", "Messages"), ("contributors", "People")]
            return _series(kind.beside, "estimate_per_1000", "Per 1,000 messages", ".2f", counts)
        case "challenge":
            counts = [("risky", "Risky messages")]
            return _series(kind.beside, "share", "% challenged", ".0f", counts)
        case "private":
            counts = [("messages", "Messages, with noise")]
            return _series("", "estimate_per_1000", "Per 1,000 messages", ".2f", counts)
        case "habit":
            return _bars(int(kind.values[0]))
        case "heat":
            return _heat(kind.values)
        case "people":
            return _people()
        case "bands":
            return _bands(kind.values)
        case "funnel":
            return _funnel()
    raise ValueError(f"There is no chart template called {kind.name}.")


def _series(
    beside: str, field: str, title: str, figures: str, counts: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """A series with its 95% band. Tooltips call the figure ``title``, in the format ``figures``,
    and name the ``counts``.
    """
    tooltip = [
        alt.Tooltip("name:N", title="Period"),
        alt.Tooltip(f"{field}:Q", title=title, format=figures),
        alt.Tooltip("low:Q", title="95% interval, low", format=figures),
        alt.Tooltip("high:Q", title="95% interval, high", format=figures),
        *(alt.Tooltip(f"{name}:Q", title=said, format=",") for name, said in counts),
    ]
    trainings = [training_ticks()] if beside == NATIONAL else training_spans() if beside else []
    national = [national_line()] if beside == COMPARED else []
    withheld = gaps() if beside else []
    layers = [
        *withheld[:1],
        *trainings,
        *band(),
        *national,
        *points_and_line(field, tooltip),
        *withheld[1:],
        time_axis(),
    ]
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT)
    return finish(chart, "rows", "gaps", "trainings")


def _bars(values: int) -> dict[str, Any]:
    """Share of messages by each of a habit's values."""
    base = (
        alt.Chart(alt.NamedData("rows"))
        .transform_calculate(
            share="datum.estimate_per_1000 / 10", least="datum.low / 10", most="datum.high / 10"
        )
        .encode(
            y=alt.Y(
                "value:N", sort=None, title=None, axis=alt.Axis(labelLimit=200, labelPadding=8)
            ),
            tooltip=[
                alt.Tooltip("value:N", title="Messages"),
                alt.Tooltip("share:Q", title="% of messages", format=".1f"),
                alt.Tooltip("least:Q", title="95% interval, low", format=".1f"),
                alt.Tooltip("most:Q", title="95% interval, high", format=".1f"),
            ],
        )
    )
    x = alt.X(
        "share:Q", title="% of messages", scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=5)
    )
    bars = base.mark_bar(color=DARK_BLUE, height={"band": 0.6}).encode(x=x)
    spread = base.mark_rule(color=ORANGE, strokeWidth=3).encode(x=alt.X("least:Q"), x2="most:Q")
    chart = alt.layer(bars, spread).properties(width="container", height=BAR_HEIGHT * values)
    return finish(chart, "rows")


def _heat(values: Sequence[str]) -> dict[str, Any]:
    """Share of messages by each value, month by month."""
    cells = (
        alt.Chart(alt.NamedData("rows"))
        .transform_fold(list(values), ["value", "rate"])
        .transform_filter("isValid(datum.rate)")
        .transform_calculate(share="datum.rate / 10")
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(
            x=time("start"),
            x2="end:T",
            y=alt.Y("value:N", sort=list(values), title=None, axis=alt.Axis(labelPadding=8)),
            color=alt.Color(
                "share:Q",
                scale=alt.Scale(range=SEQUENTIAL, nice=True),
                legend=alt.Legend(title="% of messages", orient="bottom", gradientLength=160),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Month"),
                alt.Tooltip("value:N", title="Messages"),
                alt.Tooltip("share:Q", title="% of messages", format=".1f"),
            ],
        )
    )
    chart = alt.layer(*gaps(), cells, time_axis())
    height = BAR_HEIGHT * len(values)
    return finish(chart.properties(width="container", height=height), "rows", "gaps")


def _people() -> dict[str, Any]:
    """People who volunteered the messages, period by period."""
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .transform_filter("isValid(datum.contributors)")
        .mark_rect(color=DARK_BLUE, stroke="white", strokeWidth=1)
        .encode(
            x=time("start"),
            x2="end:T",
            y=alt.Y("contributors:Q", title="People", scale=alt.Scale(domainMin=0)),
            y2=alt.Y2(datum=0),
            tooltip=[
                alt.Tooltip("name:N", title="Period"),
                alt.Tooltip("contributors:Q", title="People", format=","),
                alt.Tooltip("messages:Q", title="Messages", format=","),
            ],
        )
    )
    chart = alt.layer(*gaps(), bars, time_axis())
    return finish(chart.properties(width="container", height=HEIGHT), "rows", "gaps")


def _bands(values: Sequence[str]) -> dict[str, Any]:
    """How many forces had how many people, month by month, most people at the bottom."""
    colours = alt.Scale(domain=list(values), range=BANDS[: len(values)])
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .transform_fold(list(values), ["band", "forces"])
        .transform_calculate(place=f"indexof({list(values)!r}, datum.band)")
        .transform_stack(
            stack="forces",
            as_=["from", "to"],
            groupby=["period"],
            sort=[alt.SortField("place", order="ascending")],
        )
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(
            x=time("start"),
            x2="end:T",
            y=alt.Y("from:Q", title="Forces"),
            y2="to:Q",
            color=alt.Color(
                "band:N",
                scale=colours,
                legend=alt.Legend(title="People in the force", orient="bottom", columns=3),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Month"),
                alt.Tooltip("band:N", title="People in the force"),
                alt.Tooltip("forces:Q", title="Forces"),
            ],
        )
    )
    chart = alt.layer(bars, time_axis())
    return finish(chart.properties(width="container", height=HEIGHT), "rows")


def _funnel() -> dict[str, Any]:
    """Forces' rates by how many messages they stand on, and the limits chance alone would set."""
    limits = alt.Chart(alt.NamedData("limits"))
    x = alt.X(
        "messages:Q",
        title="Messages",
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(format=",", tickCount=5, labelOverlap=True),
    )
    across = [
        limits.mark_line(color=color, strokeDash=dash, strokeWidth=width).encode(
            x=x, y=alt.Y(f"{name}:Q", title="Per 1,000 messages")
        )
        for names, color, dash, width in (
            (("national",), DARK_GREY, [1, 0], 1.5),
            (("low_95", "high_95"), MID_GREY, [5, 4], 1.5),
            (("low_998", "high_998"), MID_GREY, [1, 3], 1.5),
        )
        for name in names
    ]
    points = alt.Chart(alt.NamedData("rows")).encode(x=x, y="estimate_per_1000:Q")
    outside = ["Within the limits", "Outside the 95% limits", "Outside the 99.8% limits"]
    dots = points.mark_point(filled=True, size=70, opacity=0.9).encode(
        shape=alt.Shape(
            "where:N",
            scale=alt.Scale(domain=outside, range=["circle", "diamond", "triangle-up"]),
            legend=alt.Legend(title=None, orient="bottom", columns=1),
        ),
        color=alt.Color(
            "where:N", scale=alt.Scale(domain=outside, range=[DARK_BLUE, ORANGE, DARK_PINK])
        ),
        tooltip=[
            alt.Tooltip("force:N", title="Force"),
            alt.Tooltip("estimate_per_1000:Q", title="Per 1,000 messages", format=".2f"),
            alt.Tooltip("messages:Q", title="Messages", format=","),
            alt.Tooltip("where:N", title="Beside the national rate"),
        ],
    )
    names = points.mark_text(color=DARK_GREY, fontSize=11, dy=-11, limit=160).encode(
        text=alt.condition(f"datum.where !== '{outside[0]}'", "force:N", alt.value(""))
    )
    chart = alt.layer(*across, dots, names)
    return finish(chart.properties(width="container", height=2 * HEIGHT), "rows", "limits")
