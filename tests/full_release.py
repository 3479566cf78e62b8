"""The largest release there can be: every figure of 43 forces and 36 months, none withheld.

Nothing here passed disclosure control: it is for what a site of that size weighs and takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.prevalence.design import CHALLENGE_DEFAULT
from pipelines.prevalence.shipped import shipped_rates
from pipelines.release.cells import ANY_RISK, read_habits
from pipelines.release.estimation import Estimated, Methods, by_period, make_methods
from pipelines.release.periods import months_between, whole_quarters
from pipelines.release.places import SEEDS, Places, read_places
from pipelines.release.rounding import challenge_share, estimate, rate
from pipelines.release.rows import ChallengeRow, HabitRow, Rows, TrendRow
from pipelines.release.training import impact_rows, read_trainings
from tests.release_figures import write_figures

MONTHS = months_between("2023-11", "2026-10")
PERIODS = (*MONTHS, *whole_quarters(MONTHS))
LEVELS = 20  # different figures of a category
PEOPLE, MESSAGES = 90, 2700


def write_full_release(folder: Path) -> Path:
    """Fill ``folder`` with what pages are drawn from."""
    places, methods = read_places(), _methods()
    estimated = Estimated(MONTHS[-1], PERIODS, methods, CHALLENGE_DEFAULT)
    trends = list(_trends(places, methods))
    impact = list(
        impact_rows(trends, read_trainings(SEEDS / "training.csv"), by_period([estimated]))
    )
    rows = Rows(trends, list(_habits(places)), impact, list(_challenge(places)))
    return write_figures(folder, MONTHS, rows, estimated)


def _methods() -> Methods:
    shipped = shipped_rates()
    return make_methods(shipped, {}, shipped, {})


def _counts(places: Places) -> Iterator[tuple[int, str, str]]:
    """A level, a period and a place; neighbours differ."""
    for row, place in enumerate(places.all):
        for column, period in enumerate(PERIODS):
            yield (row * 7 + column * 3) % LEVELS, period, place


def _trends(places: Places, methods: Methods) -> Iterator[TrendRow]:
    for level, period, place in _counts(places):
        for category, method in methods.items():
            messages, people = MESSAGES + 100 * level, PEOPLE + 5 * level
            flagged = 5 * (1 + level) * (4 if category == ANY_RISK else 1)
            found = estimate(flagged, messages, people, method)
            yield TrendRow(
                *(period, place, category, found.estimate, found.low, found.high),
                *(messages, people, method.basis.value, flagged),
            )


def _habits(places: Places) -> Iterator[HabitRow]:
    for level, period, place in _counts(places):
        if period in MONTHS:
            for habit, value in read_habits():
                found = rate(5 * (40 + level), MESSAGES, PEOPLE)
                yield HabitRow(
                    *(period, place, habit, value, found.estimate, found.low, found.high),
                    *(MESSAGES, PEOPLE),
                )


def _challenge(places: Places) -> Iterator[ChallengeRow]:
    for level, period, place in _counts(places):
        found = challenge_share(5 * (4 + level), 200, PEOPLE, CHALLENGE_DEFAULT)
        yield ChallengeRow(
            *(period, place, found.estimate, found.low, found.high),
            *(200, "uncalibrated", 5 * (4 + level)),
        )
