"""The chart templates, as Vega-Lite made by Altair. Each page holds a template once; its data
is put in, chart by chart, in the browser (``assets/charts.js``).

Colours are the Government Analysis Function's accessible palette; none is the only sign of
anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Any

import altair as alt

DARK_BLUE = "#12436D"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
MID_GREY = "#6B7276"
GAP_GREY = "#EEEFEF"
HEIGHT = 190
BAR_HEIGHT = 30
LABELS_PER_AXIS = 5


class TrendKind(StrEnum):
    """What a trend chart has beside the series itself."""

    NATIONAL = "national"  # a triangle on the time axis for each force's training
    FORCE = "force"  # the force's training as a span
    COMPARED = "compared"  # that, and the national line


@cache
def trend_chart(kind: TrendKind, months: tuple[str, ...]) -> dict[str, Any]:
    """Monthly rate with its 95% band; datasets ``rows``, ``gaps`` and ``trainings``."""
    counts = [("messages", "Messages"), ("contributors", "People")]
    return _over_time(kind, months, "Per 1,000 messages", ".2f", counts)


@cache
def challenge_chart(kind: TrendKind, months: tuple[str, ...]) -> dict[str, Any]:
    """The same of the share of risky messages that were challenged, in per cent."""
    return _over_time(kind, months, "% challenged", ".0f", [("risky", "Risky messages")])


def _over_time(
    kind: TrendKind,
    months: tuple[str, ...],
    title: str,
    figures: str,
    counts: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """A series and its band. Tooltips call the figure ``title``, in the format ``figures``, and
    name the ``counts``.
    """
    tooltip = _tooltip(title, figures, counts)
    trainings = [_training_ticks()] if kind is TrendKind.NATIONAL else _training_spans()
    national = [_national_line()] if kind is TrendKind.COMPARED else []
    blocks, *labels = _gaps()
    layers = [blocks, *trainings, *_band(), *national, *_line(tooltip), *labels, _time_axis(months)]
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT)
    return _finish(chart, ("rows", "gaps", "trainings"))


@cache
def private_chart(months: tuple[str, ...]) -> dict[str, Any]:
    """A private series' monthly rate with the 95% interval of its noise; dataset ``rows``."""
    tooltip = _tooltip("Per 1,000 messages", ".2f", [("messages", "Messages, with noise")])
    layers = [*_band(), *_line(tooltip), _time_axis(months)]
    return _finish(alt.layer(*layers).properties(width="container", height=HEIGHT), ("rows",))


def _tooltip(title: str, figures: str, counts: Sequence[tuple[str, str]]) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("month_name:N", title="Period"),
        alt.Tooltip("estimate:Q", title=title, format=figures),
        alt.Tooltip("low:Q", title="95% interval, low", format=figures),
        alt.Tooltip("high:Q", title="95% interval, high", format=figures),
        *(alt.Tooltip(f"{field}:Q", title=name, format=",") for field, name in counts),
    ]


@cache
def habit_chart(values: int) -> dict[str, Any]:
    """Share of messages by each of a habit's ``values``; dataset ``rows``."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=200, labelPadding=8)),
        tooltip=[
            alt.Tooltip("label:N", title="Messages"),
            alt.Tooltip("share:Q", title="% of messages", format=".1f"),
            alt.Tooltip("low:Q", title="95% interval, low", format=".1f"),
            alt.Tooltip("high:Q", title="95% interval, high", format=".1f"),
        ],
    )
    x = alt.X(
        "share:Q", title="% of messages", scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=5)
    )
    bars = base.mark_bar(color=DARK_BLUE, height={"band": 0.6}).encode(x=x)
    spread = base.mark_rule(color=ORANGE, strokeWidth=3).encode(x=alt.X("low:Q"), x2="high:Q")
    chart = alt.layer(bars, spread).properties(width="container", height=BAR_HEIGHT * values)
    return _finish(chart, ("rows",))


def _time(field: str) -> alt.X:
    return alt.X(f"{field}:T", title=None, scale=alt.Scale(type="utc"))


def _time_axis(months: Sequence[str]) -> Any:
    """Nothing drawn: fixes the axis to the release's months, the same in every chart."""
    step = max(1, -(-len(months) // LABELS_PER_AXIS))
    axis = alt.Axis(
        format="%b %Y",
        values=[month_start(month) for month in months[::step]],
        labelAlign="left",
        labelOffset=-4,
    )
    ends = alt.Scale(type="utc", domain=[month_start(months[0]), month_end(months[-1])])
    x = alt.X("month:T", title=None, axis=axis, scale=ends)
    return alt.Chart(alt.NamedData("rows")).mark_tick(opacity=0).encode(x=x)


def month_start(month: str) -> alt.DateTime:
    """Midnight UTC at the start of ``YYYY-MM``."""
    year, number = month.split("-")
    return alt.DateTime(year=int(year), month=int(number), date=1, utc=True)


def month_end(month: str) -> alt.DateTime:
    """Midnight UTC at the end of ``YYYY-MM``."""
    year, number = (int(part) for part in month.split("-"))
    return month_start(f"{year + number // 12}-{number % 12 + 1}")


def _gaps() -> list[Any]:
    base = alt.Chart(alt.NamedData("gaps"))
    style: dict[str, Any] = {"color": MID_GREY, "fontSize": 11, "baseline": "middle"}
    blocks = base.mark_rect(color=GAP_GREY).encode(x=_time("start"), x2="end:T")
    level = base.transform_filter("datum.wide").mark_text(align="center", **style)
    upright = base.transform_filter("!datum.wide").mark_text(align="right", angle=270, **style)
    texts = [
        text.encode(x=_time("middle"), y=alt.value(14), text=alt.value("Not enough data"))
        for text in (level, upright)
    ]
    return [blocks, *texts]


def _band() -> list[Any]:
    rows = alt.Chart(alt.NamedData("rows"))
    y = alt.Y("low:Q", title=None, scale=alt.Scale(domainMin=0, nice=True))
    band = rows.mark_area(color=DARK_BLUE, opacity=0.18, invalid="break-paths-filter-domains")
    alone = rows.mark_rule(color=DARK_BLUE, opacity=0.18).encode(
        strokeWidth=alt.condition("datum.alone", alt.value(7), alt.value(0))
    )
    return [chart.encode(x=_time("month"), y=y, y2="high:Q") for chart in (band, alone)]


def _national_line() -> Any:
    line = alt.Chart(alt.NamedData("rows")).mark_line(
        color=MID_GREY, strokeDash=[5, 4], strokeWidth=1.5, invalid="break-paths-filter-domains"
    )
    return line.encode(x=_time("month"), y=alt.Y("national:Q", title=None))


def _line(tooltip: Sequence[alt.Tooltip]) -> list[Any]:
    rows = alt.Chart(alt.NamedData("rows"))
    encoded = {"x": _time("month"), "y": alt.Y("estimate:Q", title=None)}
    line = rows.mark_line(
        color=DARK_BLUE, strokeWidth=2.5, invalid="break-paths-filter-domains"
    ).encode(**encoded)
    points = rows.transform_filter("isValid(datum.estimate)").mark_point(
        color=DARK_BLUE, filled=True, size=38, opacity=1
    )
    return [line, points.encode(**encoded, tooltip=tooltip)]


def _training_spans() -> list[Any]:
    base = alt.Chart(alt.NamedData("trainings"))
    span = base.mark_rect(color=ORANGE, opacity=0.22).encode(x=_time("start"), x2="end:T")
    rule = base.mark_rule(color=ORANGE, strokeWidth=2).encode(
        x=_time("start"), tooltip=[alt.Tooltip("programme:N", title="Training")]
    )
    text = base.mark_text(color=DARK_GREY, fontSize=11, align="left", baseline="bottom")
    return [span, rule, text.encode(x=_time("start"), y=alt.value(-3), text=alt.value("Training"))]


def _training_ticks() -> Any:
    return (
        alt.Chart(alt.NamedData("trainings"))
        .mark_point(shape="triangle-up", color=ORANGE, filled=True, size=70, opacity=1, yOffset=-5)
        .encode(
            x=_time("start"),
            y=alt.value(HEIGHT),
            tooltip=[
                alt.Tooltip("force:N", title="Force"),
                alt.Tooltip("programme:N", title="Training"),
            ],
        )
    )


def _finish(chart: Any, datasets: tuple[str, ...]) -> dict[str, Any]:
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
    )
    spec: dict[str, Any] = styled.to_dict()
    spec["datasets"] = {name: [] for name in datasets}
    return spec
