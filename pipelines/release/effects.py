"""What followed training, of all forces together, from a release's own figures.

Every row is a function of published force-months, the printed error rates and the public training
calendar, so it discloses nothing that they do not. The comparison is ``pipelines.impact``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path

import numpy as np

from pipelines.impact.correction import Corrected, estimated, estimated_before
from pipelines.impact.effects import OVERALL, PERIODS, WINDOW, Effect, Window
from pipelines.impact.leads import LEADS, pre_trend_p
from pipelines.impact.panel import MIN_COHORTS, MIN_TRAINED, NEVER, Mask, Panel, usable
from pipelines.impact.permutation import permutation_p
from pipelines.impact.placebo import PLACEBO_WINDOW, earlier
from pipelines.impact.reasons import CannotEstimateError, Reason
from pipelines.release.effect_panels import Outcome, first_trainings, outcomes
from pipelines.release.estimation import Methods, by_period, estimated_in
from pipelines.release.periods import is_quarter
from pipelines.release.places import read_places
from pipelines.release.publish import read_manifest
from pipelines.release.rows import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    EffectRow,
    HabitRow,
    TrendRow,
    read_rows,
)
from pipelines.release.training import Training, read_trainings

ESTIMATED = "estimated"
PLACEBO_DATE = "placebo date"
AFTER: Mapping[str, Window] = {OVERALL: WINDOW, **PERIODS}
MAX_SPREAD = 100  # an interval from a tenth to ten times says nothing
OF_THE_WHOLE = ("permutation_p", "pre_trend_p", "least_detectable")

SPANS: Mapping[str, Window] = {**LEADS, **AFTER}

Found = Effect | Reason
Estimate = Callable[[Corrected, Sequence[Window]], list[Effect]]


@dataclass(frozen=True, slots=True)
class _Size:
    """Forces and force-months that a release has rows of, with figures or not."""

    forces: int
    units: int


def effect_rows(
    trends: Sequence[TrendRow],
    habits: Iterable[HabitRow],
    trainings: Iterable[Training],
    methods: Mapping[str, Methods],
    forces: Sequence[str],
) -> Iterator[EffectRow]:
    """Of every category, then of weekends: a row for each span of months around training, and one
    of a placebo date. ``methods`` are those each period was estimated by.
    """
    months = {row.period for row in trends if not is_quarter(row.period)}
    size = _Size(len(forces), len(forces) * len(months))
    starts = first_trainings(trainings)
    for outcome in outcomes(trends, habits, starts, methods, forces):
        yield from _rows(outcome, size)


def effects_made_of(folder: Path) -> list[EffectRow]:
    """The rows that the other files of a release make."""
    return list(
        effect_rows(
            read_rows(folder, TrendRow),
            read_rows(folder, HabitRow),
            read_trainings(folder / "training.csv"),
            by_period(estimated_in(read_manifest(folder))),
            read_places().forces,
        )
    )


def why_no_effect(row: EffectRow, name: str) -> str:
    """The shorthand of a figure that is missing: ``[z]`` where there can be none, else ``[x]``."""
    whole = row.window == OVERALL
    seen = name == "least_detectable" and row.status == ESTIMATED
    return NOT_APPLICABLE if seen or (name in OF_THE_WHOLE and not whole) else NOT_AVAILABLE


@dataclass(frozen=True)
class _Compared:
    """Counts and those of their rows that a comparison rests on, or why there is none."""

    counts: Corrected
    panel: Panel | Reason

    def effects(self, windows: Mapping[str, Window], estimate: Estimate) -> dict[str, Found]:
        """The effect over each of ``windows``, or why there is none."""
        if isinstance(self.panel, Reason):
            return dict.fromkeys(windows, self.panel)
        lacks = {name: _lacks(self.panel, window) for name, window in windows.items()}
        wanted = {name: window for name, window in windows.items() if lacks[name] is None}
        found = dict(
            zip(wanted, _estimates(self.counts, [*wanted.values()], estimate), strict=True)
        )
        return {name: lacks[name] or found[name] for name in windows}

    def p(self, test: Callable[[Panel], float]) -> float | None:
        """The p-value of ``test``, where there is one."""
        try:
            return None if isinstance(self.panel, Reason) else test(self.panel)
        except CannotEstimateError:
            return None


def _rows(outcome: Outcome, size: _Size) -> Iterator[EffectRow]:
    compared = _compared(outcome.counts)
    found = {
        **compared.effects(LEADS, estimated_before),
        **compared.effects(AFTER, estimated),
    }
    for name, window in SPANS.items():
        row = _row(outcome, name, window, compared, found[name], size)
        yield _with_tests(row, compared, found[name]) if name == OVERALL else row
    placebo = _compared(outcome.counts.each(earlier))
    (effect,) = placebo.effects({PLACEBO_DATE: PLACEBO_WINDOW}, estimated).values()
    yield _row(outcome, PLACEBO_DATE, PLACEBO_WINDOW, placebo, effect, size)


def _compared(counts: Corrected) -> _Compared:
    try:
        return _Compared(counts, usable(counts.counts))
    except CannotEstimateError as error:
        return _Compared(
            counts, Reason.FALSE_ALARMS if _is_corrected_away(counts) else error.reason
        )


def _is_corrected_away(counts: Corrected) -> bool:
    """Whether as many messages would do for a comparison, if fewer flags were false alarms."""
    try:
        usable(counts.counts.with_count(counts.counts.messages))
    except CannotEstimateError:
        return False
    return True


def _lacks(panel: Panel, window: Window) -> Reason | None:
    """Why an average over ``window`` would be of too few."""
    rows = _within(panel, window)
    if np.unique(panel.force[rows]).size < MIN_TRAINED:
        return Reason.TRAINED_FORCES
    return Reason.COHORTS if np.unique(panel.start[rows]).size < MIN_COHORTS else None


def _within(panel: Panel, window: Window) -> Mask:
    found: Mask = (panel.event >= window[0]) & (panel.event <= window[1]) & (panel.start < NEVER)
    return found


def _estimates(counts: Corrected, windows: Sequence[Window], estimate: Estimate) -> list[Found]:
    """Together; those after training one by one where not all of them can be."""
    if not windows:
        return []
    try:
        return [_clear_enough(effect) for effect in estimate(counts, windows)]
    except CannotEstimateError as error:
        if len(windows) == 1 or estimate is estimated_before:
            return [error.reason] * len(windows)
        return [found for window in windows for found in _estimates(counts, [window], estimate)]


def _clear_enough(effect: Effect) -> Found:
    return effect if effect.half <= log(MAX_SPREAD) / 2 else Reason.TOO_UNSURE


def _row(
    outcome: Outcome, name: str, window: Window, compared: _Compared, found: Found, size: _Size
) -> EffectRow:
    panel = compared.panel
    forces, units, trained = 0, 0, 0
    if isinstance(panel, Panel):
        forces, units = np.unique(panel.force).size, panel.force.size
        trained = np.unique(panel.force[_within(panel, window)]).size
    effect = found if isinstance(found, Effect) else None
    return EffectRow(
        outcome=outcome.name,
        window=name,
        ratio=effect.ratio if effect else None,
        low=effect.low if effect else None,
        high=effect.high if effect else None,
        permutation_p=None,
        pre_trend_p=None,
        least_detectable=None,
        trained_forces=trained,
        forces=forces,
        forces_left_out=size.forces - forces,
        force_months=units,
        force_months_left_out=size.units - units,
        basis=outcome.basis,
        status=ESTIMATED if isinstance(found, Effect) else found.value,
    )


def _with_tests(row: EffectRow, compared: _Compared, found: Found) -> EffectRow:
    """What to hold an overall effect against."""
    if isinstance(found, Reason):
        return row
    unclear = abs(found.log_ratio) <= found.half
    return replace(
        row,
        permutation_p=compared.p(permutation_p),
        pre_trend_p=compared.p(pre_trend_p),
        least_detectable=found.least_detectable() if unclear else None,
    )
