"""A release whose figures carry an estimate of what followed training: twelve forces, 24 months.

Nothing here passed disclosure control: it is for what pages and PDFs say of training. Bullying
falls by two fifths in the month after training; discriminatory content does not, but trained forces
moved apart before; all risky content is withheld too often to say anything, and every other force
altogether.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.prevalence.design import CHALLENGE_DEFAULT
from pipelines.prevalence.method import Basis, Method
from pipelines.prevalence.rates import ErrorRates
from pipelines.release.cells import read_habits
from pipelines.release.estimation import Estimated, by_period
from pipelines.release.periods import months_between
from pipelines.release.places import NATIONAL, SEEDS, read_places
from pipelines.release.rounding import estimate, rate
from pipelines.release.rows import ChallengeRow, HabitRow, Rows, TrendRow
from pipelines.release.training import impact_rows, read_trainings
from tests.release_figures import write_figures

MONTHS = months_between("2024-11", "2026-10")
RATES = ErrorRates(280, 400, 8, 4000).published()
METHODS = {
    category: Method(RATES, Basis.CALIBRATED, 0.1, 1.0) for category in ("ANY", "DISC", "BULL")
}
TOLD_OF = 12  # forces, eight of which the seeds train, from February to July 2026
PEOPLE, MESSAGES = 60, 2000
NOTHING = (None, None, None)


def write_training_release(folder: Path) -> Path:
    """Fill ``folder`` with a release's own files, but for open data, pages and PDFs."""
    places = read_places()
    trainings = read_trainings(SEEDS / "training.csv")
    starts = {training.force_code: training.start[:7] for training in trainings}
    estimated = Estimated(MONTHS[-1], tuple(MONTHS), METHODS, CHALLENGE_DEFAULT)
    trends = list(_trends(places.all, places.forces[:TOLD_OF], starts))
    challenge = [
        ChallengeRow(month, place, *NOTHING, None, "uncalibrated", None)
        for month in MONTHS
        for place in places.all
    ]
    rows = Rows(
        trends,
        list(_habits((NATIONAL, *places.forces), places.forces[:TOLD_OF])),
        list(impact_rows(trends, trainings, by_period([estimated]))),
        challenge,
    )
    return write_figures(folder, MONTHS, rows, estimated)


def _trends(
    places: tuple[str, ...], told: tuple[str, ...], starts: dict[str, str]
) -> Iterator[TrendRow]:
    for number, month in enumerate(MONTHS):
        for place in places:
            for category, method in METHODS.items():
                if place not in told or (category == "ANY" and number % 2):
                    size = (MESSAGES, PEOPLE) if place in told else (None, None)
                    yield TrendRow(month, place, category, *NOTHING, *size, "calibrated", None)
                    continue
                flagged = _flagged(
                    told.index(place), number, category, month > starts.get(place, month)
                )
                found = estimate(flagged, MESSAGES, PEOPLE, method)
                yield TrendRow(
                    *(month, place, category, found.estimate, found.low, found.high),
                    *(MESSAGES, PEOPLE, "calibrated", flagged),
                )


def _flagged(force: int, month: int, category: str, after: bool) -> int:
    """Of 2,000: 80 to 130 in a force's month, moving a little, and fewer after training."""
    level = 80 + 5 * (force % 6) + 5 * ((force * 7 + month * 3) % 5)
    return 5 * round(level * (0.6 if after and category == "BULL" else 1.0) / 5)


def _habits(places: tuple[str, ...], told: tuple[str, ...]) -> Iterator[HabitRow]:
    for number, month in enumerate(MONTHS):
        for place in places:
            for habit, value in read_habits():
                if place not in told:
                    yield HabitRow(month, place, habit, value, *NOTHING, None, None)
                    continue
                moved = (told.index(place) * 5 + number * 2) % 7
                found = rate(5 * (100 + moved), MESSAGES, PEOPLE)
                yield HabitRow(
                    *(month, place, habit, value, found.estimate, found.low, found.high),
                    *(MESSAGES, PEOPLE),
                )
