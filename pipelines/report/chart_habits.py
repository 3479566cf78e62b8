"""The chart templates of habits: shares of one month, and month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from pipelines.report.chart_style import BAR_HEIGHT, DARK_BLUE, ORANGE, SEQUENTIAL, finish
from pipelines.report.chart_time import gaps, time, time_axis


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
