"""Parts of the charts over time: axis, gaps, series and training marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from pipelines.report.chart_style import (
    DARK_BLUE,
    DARK_GREY,
    GAP_GREY,
    HEIGHT,
    MID_GREY,
    ORANGE,
)


def time(field: str) -> alt.X:
    return alt.X(f"{field}:T", title=None, scale=alt.Scale(type="utc"))


def time_axis() -> Any:
    """Nothing drawn: its axis is fixed in the browser to the months shown, alike in every chart."""
    axis = alt.Axis(format="%b %Y", values=[], labelAlign="left", labelOffset=-4)
    x = alt.X("start:T", title=None, axis=axis, scale=alt.Scale(type="utc", domain=[0, 1]))
    return alt.Chart(alt.NamedData("rows"), name="time").mark_tick(opacity=0).encode(x=x)


def gaps() -> list[Any]:
    base = alt.Chart(alt.NamedData("gaps"))
    style: dict[str, Any] = {"color": MID_GREY, "fontSize": 11, "baseline": "middle"}
    why = [alt.Tooltip("said:N", title="Withheld")]
    blocks = base.mark_rect(color=GAP_GREY).encode(x=time("start"), x2="end:T", tooltip=why)
    level = base.transform_filter("datum.wide").mark_text(align="center", **style)
    upright = base.transform_filter("!datum.wide").mark_text(align="right", angle=270, **style)
    texts = [
        text.encode(x=time("middle"), y=alt.value(14), text=alt.value("Not enough data"))
        for text in (level, upright)
    ]
    return [blocks, *texts]


def band() -> list[Any]:
    rows = alt.Chart(alt.NamedData("rows"))
    y = alt.Y("low:Q", title=None, scale=alt.Scale(domainMin=0, nice=True))
    band = rows.mark_area(color=DARK_BLUE, opacity=0.18, invalid="break-paths-filter-domains")
    alone = rows.mark_rule(color=DARK_BLUE, opacity=0.18).encode(
        strokeWidth=alt.condition("datum.alone", alt.value(7), alt.value(0))
    )
    return [chart.encode(x=time("middle"), y=y, y2="high:Q") for chart in (band, alone)]


def national_line() -> Any:
    line = alt.Chart(alt.NamedData("rows")).mark_line(
        color=MID_GREY, strokeDash=[5, 4], strokeWidth=1.5, invalid="break-paths-filter-domains"
    )
    return line.encode(x=time("middle"), y=alt.Y("national:Q", title=None))


def points_and_line(field: str, tooltip: Sequence[alt.Tooltip]) -> list[Any]:
    rows = alt.Chart(alt.NamedData("rows"))
    encoded = {"x": time("middle"), "y": alt.Y(f"{field}:Q", title=None)}
    line = rows.mark_line(
        color=DARK_BLUE, strokeWidth=2.5, invalid="break-paths-filter-domains"
    ).encode(**encoded)
    points = rows.transform_filter(f"isValid(datum.{field})").mark_point(
        color=DARK_BLUE, filled=True, size=38, opacity=1
    )
    return [line, points.encode(**encoded, tooltip=tooltip)]


def training_spans() -> list[Any]:
    base = alt.Chart(alt.NamedData("trainings"))
    span = base.mark_rect(color=ORANGE, opacity=0.22).encode(x=time("start"), x2="end:T")
    rule = base.mark_rule(color=ORANGE, strokeWidth=2).encode(
        x=time("start"), tooltip=[alt.Tooltip("programme:N", title="Training")]
    )
    text = base.mark_text(color=DARK_GREY, fontSize=11, align="left", baseline="bottom")
    return [span, rule, text.encode(x=time("start"), y=alt.value(-3), text=alt.value("Training"))]


def training_ticks() -> Any:
    return (
        alt.Chart(alt.NamedData("trainings"))
        .mark_point(shape="triangle-up", color=ORANGE, filled=True, size=70, opacity=1, yOffset=-5)
        .encode(
            x=time("start"),
            y=alt.value(HEIGHT),
            tooltip=[
                alt.Tooltip("force:N", title="Force"),
                alt.Tooltip("programme:N", title="Training"),
            ],
        )
    )
