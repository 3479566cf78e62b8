"""The chart template of a funnel plot."""

from __future__ import annotations

from typing import Any

import altair as alt

from pipelines.report.chart_style import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    HEIGHT,
    MID_GREY,
    ORANGE,
    finish,
)


def funnel() -> dict[str, Any]:
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
