"""How every chart looks: the Government Analysis Function's accessible palette, sizes, fonts."""

from __future__ import annotations

from typing import Any

import altair as alt

DARK_BLUE = "#12436D"
ORANGE = "#F46A25"
DARK_PINK = "#801650"
DARK_GREY = "#3D3D3D"
MID_GREY = "#6B7276"
GAP_GREY = "#EEEFEF"
SEQUENTIAL = ["#E6F0F8", "#6BACE6", "#2073BC", "#12436D"]
"""From little to much."""
BANDS = ["#12436D", "#2073BC", "#6BACE6", "#BBD4EA", "#DEE0E2"]
"""From many people to none that can be said."""
HEIGHT = 190
BAR_HEIGHT = 30


def finish(chart: Any, *datasets: str) -> dict[str, Any]:
    """A chart's template, whose ``datasets`` the browser fills."""
    styled = chart.configure(
        font="'Helvetica Neue', Helvetica, Arial, sans-serif",
        background="transparent",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelColor=DARK_GREY,
            titleColor=DARK_GREY,
            gridColor="#DEE0E2",
            domainColor=MID_GREY,
            tickColor=MID_GREY,
        ),
        axisX=alt.AxisConfig(grid=False),
        axisYQuantitative=alt.AxisConfig(tickCount=4, domain=False, ticks=False),
        legend=alt.LegendConfig(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor=DARK_GREY
        ),
    )
    spec: dict[str, Any] = styled.to_dict()
    spec["datasets"] = {name: [] for name in datasets}
    return spec
