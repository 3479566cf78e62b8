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

from pipelines.report.chart_effects import events
from pipelines.report.chart_funnel import funnel
from pipelines.report.chart_habits import bars, heat, week
from pipelines.report.chart_people import people, people_bands
from pipelines.report.chart_style import HEIGHT, finish
from pipelines.report.chart_time import (
    band,
    gaps,
    national_line,
    points_and_line,
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
            return bars(int(kind.values[0]))
        case "heat":
            return heat(kind.values)
        case "week":
            return week()
        case "people":
            return people()
        case "bands":
            return people_bands(kind.values)
        case "funnel":
            return funnel()
        case "effect":
            return events(kind.values)
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
