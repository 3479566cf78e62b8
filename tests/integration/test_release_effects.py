"""``effects.csv`` of a whole release: of its published figures alone, made again by the audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.release.audit.effects import effects_are_made_of_figures
from pipelines.release.build import build_release
from pipelines.release.effects import why_no_effect
from pipelines.release.places import read_places
from pipelines.release.rows import EffectRow, TrendRow, read_rows, write_rows
from pipelines.settings import Settings
from tests.marts import Person, make_marts, team
from tests.training_release import write_training_release

# The seeds train the first three in February, March and April 2026; the others never.
TRAINED = {"E23000001": "2026-02", "E23000005": "2026-03", "E23000002": "2026-04"}
NEVER = ("E23000003", "E23000006", "E23000009")
MONTHS = ["2025-10", "2025-11", "2025-12", *(f"2026-{month:02}" for month in range(1, 7))]
HIDDEN = ("E23000009", "2025-11")


def people(hidden: int) -> list[Person]:
    """Twenty a force and month, of whom 18 have a flagged message, and fewer after training; but
    of the hidden month ``hidden`` have.
    """
    found: list[Person] = []
    for force in (*TRAINED, *NEVER):
        for month in MONTHS:
            after = month > TRAINED.get(force, month)
            flagged = hidden if (force, month) == HIDDEN else 14 if after else 18
            found += team(force, month, 24, 20, {"DISC": flagged})
    return found


@pytest.fixture(scope="module")
def estimated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with estimates."""
    return write_training_release(tmp_path_factory.mktemp("training"))


def drafted(home: Path, hidden: int) -> Path:
    return build_release(make_marts(people(hidden)), MONTHS[-1], Settings(home=home))


def test_a_withheld_figure_changes_nothing_whatever_it_is(tmp_path: Path) -> None:
    """Three people or seven: the country's sum tells that something is other, effects do not."""
    three, seven = drafted(tmp_path / "three", 3), drafted(tmp_path / "seven", 7)
    (withheld,) = (
        row
        for row in read_rows(three, TrendRow)
        if (row.force_code, row.period, row.category) == (*HIDDEN, "DISC")
    )
    assert withheld.flagged is None and withheld.messages is not None
    assert (three / "effects.csv").read_bytes() == (seven / "effects.csv").read_bytes()
    (whole,) = (
        row for row in read_rows(three, EffectRow) if (row.outcome, row.window) == ("DISC", "1-12")
    )
    assert whole.status == "estimated" and whole.ratio is not None and whole.ratio < 1
    forces = len(read_places().forces)
    assert whole.force_months + whole.force_months_left_out == forces * len(MONTHS)
    assert whole.force_months < 6 * len(MONTHS), "the withheld month is not in it"


def test_what_was_drafted_is_made_of_its_figures(estimated: Path) -> None:
    assert effects_are_made_of_figures(estimated)


def bullying(estimated: Path, change: Callable[[EffectRow], EffectRow]) -> list[EffectRow]:
    return [
        change(row) if (row.outcome, row.window) == ("BULL", "1-12") else row
        for row in read_rows(estimated, EffectRow)
    ]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda row: replace(row, ratio=row.ratio + 0.001), True),  # another machine's last digit
        (lambda row: replace(row, ratio=row.ratio + 0.002), False),
        (lambda row: replace(row, low=row.low - 0.01), False),
        (lambda row: replace(row, permutation_p=None), False),
        (lambda row: replace(row, trained_forces=row.trained_forces + 1), False),
        (lambda row: replace(row, status="too_few_trained_forces"), False),
    ],
)
def test_an_altered_effect_is_found(
    estimated: Path, tmp_path: Path, change: Callable[[EffectRow], EffectRow], same: bool
) -> None:
    for path in estimated.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    write_rows(tmp_path, EffectRow, bullying(estimated, change), why_no_effect)
    assert effects_are_made_of_figures(tmp_path) == same


def test_an_altered_month_is_found(estimated: Path, tmp_path: Path) -> None:
    """What was published is another ratio's."""
    for path in estimated.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    rows = [
        replace(row, flagged=row.flagged + 50)
        if row.category == "BULL" and row.flagged and row.period > "2026-06"
        else row
        for row in read_rows(estimated, TrendRow)
    ]
    write_rows(tmp_path, TrendRow, rows)
    assert not effects_are_made_of_figures(tmp_path)
