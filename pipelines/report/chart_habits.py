"""The chart templates of habits: shares of one month, its week, and month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from pipelines.report.chart_style import (
    BAR_HEIGHT,
    DARK_BLUE,
    DARK_GREY,
    GAP_GREY,
    ORANGE,
    SEQUENTIAL,
    finish,
)
from pipelines.report.chart_time import gaps, time, time_axis

WHITE_FROM = 0.64
"""Of the largest share: where white stands out from its colour as black does from a lighter one."""

WEEK_UNIT = ["Messages of 1,000,", "on each such day"]


def bars(values: int) -> dict[str, Any]:
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


def heat(values: Sequence[str]) -> dict[str, Any]:
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


def week() -> dict[str, Any]:
    """How busy each part of a day is, on weekdays and at weekends; or that it is withheld."""
    axis: dict[str, Any] = {"ticks": False, "domain": False, "labelPadding": 8}
    times = alt.Axis(labelAngle=0, labelExpr="split(datum.label, ' ')", titlePadding=10, **axis)
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("time:N", sort=None, title=WEEK_UNIT, axis=times),
        y=alt.Y("day:N", sort=None, title=None, axis=alt.Axis(**axis)),
    )
    known = base.transform_filter("isValid(datum.each_day)")
    scale = alt.Scale(range=SEQUENTIAL, domainMin=0, nice=False)
    cells = known.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color("each_day:Q", scale=scale, legend=None),  # each cell says its number
        tooltip=[
            alt.Tooltip("value:N", title="Messages"),
            alt.Tooltip("each_day:Q", title="Of 1,000, on each such day", format=".1f"),
            alt.Tooltip("estimate_per_1000:Q", title="Of 1,000, all such days", format=".1f"),
            alt.Tooltip("low:Q", title="95% interval, low", format=".1f"),
            alt.Tooltip("high:Q", title="95% interval, high", format=".1f"),
        ],
    )
    dark = alt.condition(
        f"datum.each_day > {WHITE_FROM} * datum.most", alt.value("white"), alt.value("black")
    )
    numbers = (
        known.transform_joinaggregate(most="max(each_day)")
        .mark_text(fontSize=13)
        .encode(text=alt.Text("each_day:Q", format=".1f"), color=dark)
    )
    withheld = base.transform_filter("!isValid(datum.each_day)")
    said = (
        alt.Chart(alt.NamedData("rows"))
        .transform_filter("!isValid(datum.each_day)")
        .transform_aggregate(parts="count()")
        .transform_filter("datum.parts > 0")
        .mark_text(color=DARK_GREY, fontSize=13)
        .encode(
            x=alt.value(alt.expr("width / 2")),
            y=alt.value(alt.expr("height / 2")),
            text=alt.value("Not enough data"),
        )
    )
    chart = alt.layer(withheld.mark_rect(color=GAP_GREY), cells, numbers, said)
    return finish(chart.properties(width="container", height=4 * BAR_HEIGHT), "rows")
