"""A figure of a page: one set of rows that is its chart, its table and its download."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from pipelines.release.periods import months_of
from pipelines.release.rows import DECIMALS, SUPPRESSED
from pipelines.report.charts import Kind, chart
from pipelines.report.findings import period_name

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a figure's table and download; ``name`` as in the release where it has it."""

    name: str
    title: str
    missing: str = SUPPRESSED

    def shown(self, value: Value) -> str:
        """A value as the release prints it."""
        if value is None:
            return self.missing
        return f"{value:.{DECIMALS}f}" if isinstance(value, float) else str(value)


PERIOD = Column("period", "Period")
LIMITS = (Column("low", "Low"), Column("high", "High"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``id`` is its anchor; ``finding`` says what it shows, as alternative text too.

    ``rows`` have at least ``columns``, the first of which heads each row. ``gap`` is the column
    without which a period is drawn as not enough data. ``beside`` are the chart's other datasets.
    A figure ``of`` a category is left out where another one is chosen.
    """

    id: str
    title: str
    finding: str
    kind: Kind
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Value]]
    gap: str = ""
    beside: Mapping[str, Sequence[Mapping[str, Value]]] = field(default_factory=dict)
    notes: Sequence[str] = ()
    of: str = ""
    protective: bool = False

    @property
    def cells(self) -> list[list[str]]:
        """The table, row by row."""
        return [[c.shown(row[c.name]) for c in self.columns] for row in self.rows]

    @property
    def periods(self) -> list[str]:
        """Each row's period; empty where rows are not periods."""
        return [str(row["period"]) for row in self.rows if "period" in row]

    def _decimals(self, column: Column) -> int:
        """How many the release prints of a column: none of counts and words."""
        return DECIMALS if any(isinstance(row[column.name], float) for row in self.rows) else 0

    def embedded(self, place: str, release: str) -> dict[str, Any]:
        """What the browser draws and hands out, column by column: names would fill the page."""
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        return {
            "template": self.kind.key,
            "title": f"{self.title}, {place}",
            "file": slug(f"candour {release} {place} {self.title}"),
            "columns": [[c.name, c.missing, self._decimals(c)] for c in self.columns],
            "gap": self.gap,
            "rows": {name: [row[name] for row in self.rows] for name in names},
            "beside": {name: list(rows) for name, rows in self.beside.items()},
        }


def embed(
    figures: Iterable[Figure], place: str, release: str, months: Sequence[str]
) -> dict[str, Any]:
    """A page's charts: templates once each, data, and what the browser has to know of periods."""
    drawn = list(figures)
    kinds = {figure.kind.key: figure.kind for figure in drawn}
    periods = sorted({*months, *(period for figure in drawn for period in figure.periods)})
    return {
        "months": list(months),
        "periods": {period: list(times(period)) for period in periods},
        "templates": {key: chart(kinds[key]) for key in sorted(kinds)},
        "charts": {figure.id: figure.embedded(place, release) for figure in drawn},
    }


def times(period: str) -> tuple[str, str, str, str]:
    """A period's name, first day, middle, where its point stands, and the day after its last."""
    months = months_of(period)
    first, last = (date.fromisoformat(f"{months[end]}-01") for end in (0, -1))
    end = (last + timedelta(days=31)).replace(day=1)
    return (
        period_name(period),
        first.isoformat(),
        f"{months[len(months) // 2]}-15",
        end.isoformat(),
    )


def as_script(found: Mapping[str, Any]) -> Markup:
    """JSON that is safe inside a ``script`` element."""
    text = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - nothing can close the element


def slug(text: str) -> str:
    """A plain file name: ``All risky content, Kent`` → ``all-risky-content-kent``."""
    return "-".join(re.findall("[a-z0-9]+", text.lower()))
