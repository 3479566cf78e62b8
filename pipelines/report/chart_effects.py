"""The chart template of an event study: ratios by months before and after training."""

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
    finish,
)

NOT_ENOUGH = "Not enough data"


def events(windows: Sequence[str]) -> dict[str, Any]:
    """A point with its 95% interval for each of ``windows``, in order of time.

    A window without a ratio is grey, and says in a tooltip (``said``) why.
    """
    first_after = next(window for window in windows if not window.endswith("before"))
    rows = alt.Chart(alt.NamedData("rows"))
    short = "replace(split(datum.label, ' before')[0], ' or more', '+')"
    axis = alt.Axis(labelExpr=short, labelAngle=0, labelOverlap=False)
    title = "Months before training | months since"
    x = alt.X("window:N", sort=None, scale=alt.Scale(domain=list(windows)), title=title, axis=axis)
    y = alt.Y(
        "low:Q",
        title="Ratio",
        scale=alt.Scale(type="log", nice=False, padding=8),
        axis=alt.Axis(tickCount=5, format="~g"),
    )
    missing = rows.transform_filter("!isValid(datum.ratio)")
    why = [alt.Tooltip("window:N", title="Months"), alt.Tooltip("said:N", title="Why")]
    gap = missing.mark_rect(color=GAP_GREY).encode(x=x, tooltip=why)
    words = missing.mark_text(color=DARK_GREY, fontSize=11, angle=270).encode(
        x=x, text=alt.value(NOT_ENOUGH)
    )
    known = rows.transform_filter("isValid(datum.ratio)")
    first = rows.transform_filter(f"datum.window === '{first_after}'")
    one = first.mark_rule(color=MID_GREY, strokeDash=[5, 4], strokeWidth=1.5).encode(
        y=alt.YDatum(1)
    )
    start = first.encode(x=alt.X("window:N", sort=None, bandPosition=0))
    training = start.mark_rule(color=ORANGE, strokeWidth=2)
    named = start.mark_text(color=DARK_GREY, fontSize=11, baseline="bottom").encode(
        y=alt.value(-3), text=alt.value("Training")
    )
    interval = known.mark_rule(color=DARK_BLUE, strokeWidth=3, opacity=0.45).encode(
        x=x, y=y, y2="high:Q"
    )
    tooltip = [
        alt.Tooltip("window:N", title="Months"),
        alt.Tooltip("ratio:Q", title="Ratio", format=".3f"),
        alt.Tooltip("low:Q", title="95% interval, low", format=".3f"),
        alt.Tooltip("high:Q", title="95% interval, high", format=".3f"),
        alt.Tooltip("trained_forces:Q", title="Trained forces"),
    ]
    points = known.mark_point(color=DARK_BLUE, filled=True, size=60, opacity=1).encode(
        x=x, y="ratio:Q", tooltip=tooltip
    )
    chart = alt.layer(gap, words, one, training, named, interval, points)
    return finish(chart.properties(width="container", height=HEIGHT), "rows")
