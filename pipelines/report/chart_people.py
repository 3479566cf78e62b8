"""The chart templates of who volunteered: people, and forces by how many they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from pipelines.report.chart_style import BANDS, DARK_BLUE, HEIGHT, finish
from pipelines.report.chart_time import gaps, time, time_axis


def people() -> dict[str, Any]:
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


def people_bands(values: Sequence[str]) -> dict[str, Any]:
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
