"""Releases of before times of the week were published: they stand, and later ones follow them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.keys import generate_keys
from pipelines.release import cells, manifest
from pipelines.release.publish import publish, read_manifest
from pipelines.release.rows import HabitRow, read_rows
from pipelines.release.verify import verify
from pipelines.settings import Settings
from pipelines.validate.tables import release_tables
from tests.gate_world import failing
from tests.marts import Person, make_marts, team
from tests.releases import CUMBRIA, MET, again, audited

OCTOBER, NOVEMBER, DECEMBER = "2025-10", "2025-11", "2025-12"
JANUARY = "2026-01"
LAST_WITHOUT = 5  # the format of the manifest
WEEK = "time_of_week"


def month_of_chats(month: str) -> list[Person]:
    """Two forces that publish every habit."""
    return [*team(MET, month, 30, 20, {"DISC": 14}), *team(CUMBRIA, month, 24, 20, {"DISC": 13})]


LATE = [Person(MET, OCTOBER, f"late-{n}", 20, {"DISC": 1}, n % 5) for n in range(14)]
"""Enough people for October to be counted anew."""


def release(months: list[str], settings: Settings, more: list[Person] | None = None) -> Path:
    """The release of the last month, of what the warehouse holds by then."""
    con = make_marts([*(more or []), *(p for m in months for p in month_of_chats(m))])
    return publish(audited(con, months[-1], settings, anew=more is not None), settings)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """October and November, released when ``habits.csv`` had no times of the week."""
    settings = Settings(home=tmp_path_factory.mktemp("without"))
    generate_keys(settings.keys)
    as_they_were = [(habit, value) for habit, value in cells.read_habits() if habit != WEEK]
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(cells, "read_habits", lambda: as_they_were)
        earlier.setattr(manifest, "FORMAT", LAST_WITHOUT)
        release([OCTOBER, NOVEMBER], settings)
    yield settings.home


@pytest.fixture
def settings(without: Path, tmp_path: Path) -> Settings:
    return Settings(home=shutil.copytree(without, tmp_path / "home"))


def months_with_weeks(folder: Path) -> set[str]:
    return {row.period for row in read_rows(folder, HabitRow) if row.habit == WEEK}


def test_it_is_as_good_as_it_was(settings: Settings) -> None:
    folder = settings.releases / NOVEMBER
    assert read_manifest(folder)["format"] == LAST_WITHOUT
    assert months_with_weeks(folder) == set()
    (found,) = verify(settings)
    assert found.problems == ()
    assert again(settings).releases == 1


def test_months_added_have_weeks_and_frozen_ones_stay_without(settings: Settings) -> None:
    """In the middle of a quarter: October and November are attacked together with December."""
    folder = release([OCTOBER, NOVEMBER, DECEMBER], settings)
    before = (settings.releases / NOVEMBER / "habits.csv").read_text()
    assert (folder / "habits.csv").read_text().startswith(before)
    assert months_with_weeks(folder) == {DECEMBER}
    shown = [r for r in read_rows(folder, HabitRow) if r.habit == WEEK and r.part is not None]
    assert {row.force_code for row in shown} == {"EW", MET, CUMBRIA}
    assert [found.problems for found in verify(settings)] == [(), ()]
    assert again(settings).releases == 2
    with release_tables(folder) as connection:
        assert "habits_are_complete" not in failing("release", connection)


def test_a_re_baseline_restates_such_months_and_adds_no_weeks_to_them(settings: Settings) -> None:
    """Fourteen came late to October; December's weeks are none of theirs."""
    release([OCTOBER, NOVEMBER, DECEMBER], settings)
    folder = release([OCTOBER, NOVEMBER, DECEMBER, JANUARY], settings, LATE)
    declared = read_manifest(folder)["rebaseline"]
    assert OCTOBER in declared["periods"]
    assert NOVEMBER not in declared["periods"]
    assert DECEMBER not in declared["periods"]
    assert months_with_weeks(folder) == {DECEMBER, JANUARY}
    assert [found.problems for found in verify(settings)] == [(), (), ()]
    assert again(settings).releases == 3
