"""What the national report says of what followed training: the site's figures and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

from pipelines.release.rows import EffectRow
from pipelines.report.effects import CANNOT_SHOW, Followed, followed, table_of
from pipelines.report.pages import Content

TICKS = (0.1, 0.2, 0.5, 0.8, 1.0, 1.25, 2.0, 5.0, 10.0)
"""Ratios that an axis may name: those within what is drawn."""
MARGIN = 1.1  # the axis reaches that much beyond the intervals


def effects_said(content: Content) -> dict[str, Any]:
    """What ``report.typ`` says of training, with the event study of the first category told of."""
    found = followed(content)
    told = [one for one in found if one.estimated]
    return {
        "effects": table_of(told),
        "effect-sentences": [(one.category.name, one.sentence) for one in told],
        "no-effects": _by_reason([one for one in found if not one.estimated]),
        "effect-chart": event_panel(told[0]) if told else None,
        "cannot-show": CANNOT_SHOW,
    }


def event_panel(one: Followed) -> dict[str, Any]:
    """The event study of a category as a panel of the report."""
    return {
        "name": f"{one.category.name}, around training",
        "unit": "counted over expected",
        "protective": one.category.protective,
        "sentence": one.sentence,
        "quarterly": False,
        "chart": event_chart(one.events),
    }


def event_chart(rows: Sequence[EffectRow]) -> dict[str, Any]:
    """Ratios on a log scale as fractions of the plot, for typst to draw; at least one is there.

    A row without a ratio is a gap. ``start`` is where training lies, ``one`` the height of 1.
    """
    shown = [row for row in rows if row.low and row.high]
    least = min(row.low or 1.0 for row in shown)
    most = max(row.high or 1.0 for row in shown)
    bottom, top = log(min(least, 1 / MARGIN)), log(max(most, MARGIN))
    bottom, top = bottom - log(MARGIN), top + log(MARGIN)
    width = 1 / len(rows)

    def height(ratio: float) -> float:
        return (log(ratio) - bottom) / (top - bottom)

    return {
        "points": [
            {
                "x": (n + 0.5) * width,
                **{name: height(getattr(row, name)) for name in ("ratio", "low", "high")},
            }
            for n, row in enumerate(rows)
            if row.low and row.high
        ],
        "gaps": [(n * width, (n + 1) * width) for n, row in enumerate(rows) if not row.low],
        "windows": [((n + 0.5) * width, _short(row.window)) for n, row in enumerate(rows)],
        "ticks": [(height(tick), f"{tick:g}") for tick in TICKS if 0 <= height(tick) <= 1],
        "one": height(1.0),
        "start": sum(row.window.endswith("before") for row in rows) * width,
    }


def _by_reason(untold: Sequence[Followed]) -> list[tuple[str, str]]:
    """Names of categories, and why none of them has an estimate."""
    reasons = dict.fromkeys(one.why_not for one in untold)
    return [
        ("; ".join(one.category.name for one in untold if one.why_not == why), why)
        for why in reasons
    ]


def _short(window: str) -> str:
    """``10 or more before`` → ``10+``: the axis says which side of training it is."""
    return window.removesuffix(" before").replace(" or more", "+")
