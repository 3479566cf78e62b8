"""A release's published force-months as panels to compare, and what is left out of them.

A force-month that is withheld, or that only a quarter or a region tells of, is in no panel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.impact.correction import Corrected, corrected_by_row
from pipelines.impact.panel import NEVER, make_panel
from pipelines.prevalence.method import Basis, Method
from pipelines.release.estimation import Methods
from pipelines.release.periods import is_quarter, months_since
from pipelines.release.rows import HabitRow, TrendRow
from pipelines.release.training import Training

COUNTED = "counted"  # the basis of what no classifier made
WEEKENDS = "habit:day_of_week"
"""Messages sent at weekends, beside all: no training is about them, so nothing should follow it."""
WEEKEND = ("day_of_week", "weekend")
MIN_SHOWN_PERCENT = 75
"""Of a force's months before training with messages published, and of those after, as many must
have a figure. Months are withheld when few were flagged: what is left of many such is too high."""


@dataclass(frozen=True)
class Outcome:
    """What can be compared of a category, or of weekends."""

    name: str
    basis: str
    counts: Corrected


@dataclass(frozen=True, slots=True)
class _Cell:
    """A published force-month; ``method`` is ``None`` where no classifier made the count."""

    force: str
    month: str
    messages: int
    count: int
    method: Method | None


def outcomes(
    trends: Sequence[TrendRow],
    habits: Iterable[HabitRow],
    starts: Mapping[str, str],
    methods: Mapping[str, Methods],
    forces: Sequence[str],
) -> Iterator[Outcome]:
    """Every category in the release's order, then weekends.

    ``starts`` is the month each trained force's training began in, ``methods`` are those each
    period was estimated by. Rows of other places than ``forces`` and of quarters are left out.
    """
    monthly = [row for row in trends if row.force_code in forces and not is_quarter(row.period)]
    for category in dict.fromkeys(row.category for row in trends):
        rows = [row for row in monthly if row.category == category]
        cells = [
            _Cell(r.force_code, r.period, r.messages, r.flagged, methods[r.period][category])
            for r in _told_of_well(rows, starts)
            if r.messages and r.flagged is not None
        ]
        calibrated = all(methods[r.period][category].basis is Basis.CALIBRATED for r in rows)
        basis = Basis.CALIBRATED if calibrated else Basis.UNCALIBRATED
        yield Outcome(category, basis.value, _corrected(cells, starts, forces))
    weekends = [
        _Cell(r.force_code, r.period, r.messages, r.part, None)
        for r in habits
        if r.force_code in forces
        and (r.habit, r.value) == WEEKEND
        and r.messages
        and r.part is not None
    ]
    yield Outcome(WEEKENDS, COUNTED, _corrected(weekends, starts, forces))


def first_trainings(trainings: Iterable[Training]) -> dict[str, str]:
    """The month in which each force's first programme began: later ones act on people already
    trained.
    """
    starts: dict[str, str] = {}
    for training in sorted(trainings, key=lambda one: one.start):
        starts.setdefault(training.force_code, training.start[:7])
    return starts


def _told_of_well(rows: Sequence[TrendRow], starts: Mapping[str, str]) -> Iterator[TrendRow]:
    """Rows of one category, of forces that have enough figures on either side of training."""
    known = [row for row in rows if row.messages is not None]

    def side(row: TrendRow) -> tuple[str, bool]:
        return row.force_code, row.period > starts.get(row.force_code, row.period)

    months = Counter(map(side, known))
    shown = Counter(side(row) for row in known if row.flagged is not None)
    badly = {
        one[0] for one, count in months.items() if 100 * shown[one] < MIN_SHOWN_PERCENT * count
    }
    return (row for row in known if row.force_code not in badly)


def _corrected(
    cells: Sequence[_Cell], starts: Mapping[str, str], forces: Sequence[str]
) -> Corrected:
    if not cells:
        return Corrected(make_panel([]))
    first = min(cell.month for cell in cells)
    place = {force: number for number, force in enumerate(forces)}
    start = {force: months_since(first, month) for force, month in starts.items()}
    panel = make_panel(
        (
            place[c.force],
            months_since(first, c.month),
            start.get(c.force, NEVER),
            c.messages,
            c.count,
        )
        for c in cells
    )
    rates = [(cell.method.rates, cell.method.transfer_sd) for cell in cells if cell.method]
    return corrected_by_row(panel, rates) if rates else Corrected(panel)
