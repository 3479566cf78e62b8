"""The comparison once more, of stable contributors alone: those who contributed throughout.

Training may change who uploads. If people who talk otherwise come or go after it, the rate of all
moves though nobody changed; the rate of those who were there on both sides does not.

Stable contributors wrote in at least three of the compared months before the first force was
trained, and in at least three after the last was: three months are what a force itself needs before
training. So they were there before and after their own force's training, and the rule is the same
in every force, trained or not. Were it each force's own dates that they had to span, forces would
lose and gain people about different months, and where those who leave early talk otherwise, that
alone would move the ratio. Writing is contributing a message of the month, flagged or not: chosen
by what was flagged, people would bring their effect with them.

A reader sees the effect on all and that on the stable, so the others' is as good as told: both
groups must pass the policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.duck import read_sql
from pipelines.impact.effects import Window
from pipelines.impact.panel import MIN_MONTHS_BEFORE, NEVER, Ints, Panel, make_panel
from pipelines.impact.warehouse import Behind, Collection, make_panels, wide_rows
from pipelines.release.cells import ANY_RISK, MESSAGES, Pool

MIN_MONTHS_A_SIDE = MIN_MONTHS_BEFORE
STABLE, OTHERS = " stable", " others"  # what stable.sql adds to a force's code for each group


@dataclass(frozen=True)
class Stable:
    """A collection, and its stable contributors alone: indices are of the same forces and months.

    In ``only`` each force has a name of its own.
    """

    everybody: Collection
    only: Collection

    def panel(self, outcome: str, compared: Panel) -> Panel:
        """The stable contributors' rows of the force-months that everybody is ``compared`` in."""
        found = self.only.panels.get(outcome, make_panel([]))
        return found.where(np.isin(_places(found), _places(compared)))

    def check_others(self, outcome: str, everybody: Panel, only: Panel, window: Window) -> None:
        """Raise ``EffectWithheldError`` where too few are behind the effect in the panel of
        ``everybody`` and not behind that of the stable ``only``.
        """
        theirs = self.only.behind(only, window)
        told: Pool = frozenset().union(*(one.pool for one in theirs))
        behind = [
            Behind(one.force, one.start, others_of(one.pool, told))
            for one in self.everybody.behind(everybody, window)
        ]
        self.everybody.check(outcome, behind)


def read_stable(everybody: Collection) -> Stable:
    """Panels of the stable contributors of ``everybody``: force-months whose messages of theirs
    pass the rules for a release's denominator. Empty where no training leaves months on both sides.
    """
    con, values = everybody.con, everybody.values
    months, starts = everybody.months, everybody.starts
    forces = [force + STABLE for force in everybody.forces]
    panels: dict[str, Panel] = {}
    if span := trained_span(starts, len(months)):
        con.execute(read_sql("impact/stable.sql"), _asked(everybody, span))
        rows = con.execute(read_sql("impact/stable_panel.sql")).fetchall()
        panels = make_panels(wide_rows(con, values, rows), forces, months, starts)
    return Stable(everybody, Collection(con, values, forces, months, starts, panels))


def trained_span(starts: Sequence[int], months: int) -> tuple[int, int] | None:
    """The first and the last month in which a training began, of those that leave enough of
    ``months`` on both sides.
    """
    last = months - 1 - MIN_MONTHS_A_SIDE
    within = [start for start in starts if MIN_MONTHS_A_SIDE <= start <= last]
    return (min(within), max(within)) if within else None


def others_of(pool: Pool, told: Pool) -> Pool:
    """A force's months without the stable groups ``told`` of: a month's others, or, where its
    stable are not told of, everybody.
    """
    return frozenset(
        (month, force + OTHERS if (month, force + STABLE) in told else force)
        for month, force in pool
    )


def _asked(collection: Collection, span: tuple[int, int]) -> dict[str, object]:
    """What ``stable.sql`` is given."""
    panel = collection.panels[ANY_RISK]  # every force-month has a row of it
    first, last = (collection.months[month] for month in span)
    return {
        "months": [collection.months[month] for month in panel.month],
        "forces": [collection.forces[force] for force in panel.force],
        "first": first,
        "last": last,
        "least": MIN_MONTHS_A_SIDE,
        "splits": [MESSAGES, *collection.panels],
    }


def _places(panel: Panel) -> Ints:
    """One number a force-month."""
    return panel.force * NEVER + panel.month
