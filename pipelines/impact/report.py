"""What may be told of each outcome: pooled, judged by the policy, rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pipelines.impact.correction import Corrected, corrected, estimated
from pipelines.impact.effects import OVERALL, PERIODS, WINDOW, Effect, Window
from pipelines.impact.leads import pre_trend_p
from pipelines.impact.panel import Panel, usable
from pipelines.impact.permutation import permutation_p
from pipelines.impact.placebo import PLACEBO_WINDOW, earlier
from pipelines.impact.policy import DIGITS, EffectWithheldError
from pipelines.impact.reasons import CannotEstimateError
from pipelines.impact.stable import Stable, read_stable
from pipelines.impact.warehouse import WEEKENDS, Collection
from pipelines.prevalence.method import Method
from pipelines.prevalence.rates import significant

COUNTED = "counted"  # the basis of an outcome that no classifier made
WINDOWS: Mapping[str, Window] = {OVERALL: WINDOW, **PERIODS}


@dataclass(frozen=True, slots=True)
class Told:
    """A ratio with its 95% interval, rounded; or ``missing`` says why there is none."""

    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    missing: str = ""


@dataclass(frozen=True)
class Finding:
    """One outcome: ratios by months since training began, and what to hold them against.

    The p-values are there where the overall ratio is, ``least_detectable`` where its interval also
    holds 1. ``basis`` says where the error rates come from. ``stable_contributors`` is the overall
    ratio of those who contributed both before and after.
    """

    outcome: str
    basis: str
    ratios: Mapping[str, Told]
    placebo_date: Told
    stable_contributors: Told
    permutation_p: float | None
    pre_trend_p: float | None
    least_detectable: float | None


def findings(collection: Collection, methods: Mapping[str, Method]) -> Iterator[Finding]:
    """Of every category that ``methods`` estimates, then of the placebo outcome."""
    stable = read_stable(collection)
    for outcome in (*methods, WEEKENDS):
        if outcome in collection.panels:
            yield _finding(stable, outcome, methods.get(outcome))


def _finding(stable: Stable, outcome: str, method: Method | None) -> Finding:
    collection = stable.everybody
    counts = _counts(collection.panels[outcome], method)
    ratios, overall = {}, None
    for name, window in WINDOWS.items():
        ratios[name], effect = _told(collection, outcome, counts, window)
        overall = effect if name == OVERALL else overall
    placebo, _ = _told(collection, outcome, counts.each(earlier), PLACEBO_WINDOW)
    unclear = overall is not None and abs(overall.log_ratio) <= overall.half
    return Finding(
        outcome,
        method.basis.value if method else COUNTED,
        ratios,
        placebo,
        _of_stable(stable, outcome, counts, method) if overall else ratios[OVERALL],
        _p(permutation_p, counts.counts) if overall else None,
        _p(pre_trend_p, counts.counts) if overall else None,
        significant(overall.least_detectable(), DIGITS) if overall and unclear else None,
    )


def _told(
    collection: Collection, outcome: str, counts: Corrected, window: Window
) -> tuple[Told, Effect | None]:
    """What may be told of an effect, and the effect itself where anything may."""
    try:
        collection.check(outcome, collection.behind(usable(counts.counts), window))
        (effect,) = estimated(counts, [window])
    except (CannotEstimateError, EffectWithheldError) as error:
        return Told(missing=_why(error)), None
    ratio, low, high = (significant(v, DIGITS) for v in (effect.ratio, effect.low, effect.high))
    return Told(ratio, low, high), effect


def _of_stable(stable: Stable, outcome: str, everybody: Corrected, method: Method | None) -> Told:
    """The overall effect on stable contributors, where that on ``everybody`` is told."""
    compared = usable(everybody.counts)
    counts = _counts(stable.panel(outcome, compared), method)
    told, effect = _told(stable.only, outcome, counts, WINDOW)
    if effect is None:
        return told
    try:
        stable.check_others(outcome, compared, usable(counts.counts), WINDOW)
    except EffectWithheldError as error:
        return Told(missing=f"{_why(error)} among other contributors")
    return told


def _why(error: CannotEstimateError | EffectWithheldError) -> str:
    return error.reason.value.replace("_", " ")


def _counts(panel: Panel, method: Method | None) -> Corrected:
    return corrected(panel, method.rates, method.transfer_sd) if method else Corrected(panel)


def _p(test: Callable[[Panel], float], counts: Panel) -> float | None:
    try:
        return significant(test(usable(counts)), DIGITS)
    except CannotEstimateError:
        return None
