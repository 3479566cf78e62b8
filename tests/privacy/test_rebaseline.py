"""The yearly re-baseline, released for real: what it restates and what it never does."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import CallerError, GateError
from pipelines.keys import generate_keys
from pipelines.release.audit.run import audit_published
from pipelines.release.build import build_release
from pipelines.release.files import write_checksums
from pipelines.release.manifest import write_manifest
from pipelines.release.places import NATIONAL
from pipelines.release.publish import publish
from pipelines.release.rows import HabitRow, TrendRow, read_rows, write_rows
from pipelines.release.verify import verify
from pipelines.settings import Settings
from tests.marts import Person, make_marts, team
from tests.releases import audited

MET, CUMBRIA, LANCASHIRE, MERSEYSIDE = "E23000001", "E23000002", "E23000003", "E23000004"
LONDON, REGION_NW = "E12000007", "E12000002"
OCTOBER, NOVEMBER, DECEMBER = YEAR = ["2025-10", "2025-11", "2025-12"]
JANUARY, FEBRUARY = "2026-01", "2026-02"


def month_of_chats(month: str) -> list[Person]:
    """Four forces; Merseyside is too small, and Lancashire is withheld to hide it."""
    return [
        *team(MET, month, 30, 20, {"DISC": 14}),
        *team(CUMBRIA, month, 24, 20, {"DISC": 13}),
        *team(LANCASHIRE, month, 20, 20, {"DISC": 12}),
        *team(MERSEYSIDE, month, 6, 20, {"DISC": 3}),
    ]


def late(force: str, month: str, people: int, flagged: int = 0) -> list[Person]:
    """Volunteers of that month who turn up once it is published."""
    found = team(force, month, people, 20, {"DISC": flagged})
    return [replace(p, name=f"late-{p.name}") for p in found]


BEFORE = [p for month in YEAR for p in month_of_chats(month)]
AFTER = [*BEFORE, *month_of_chats(JANUARY)]
TWELVE = [*AFTER, *late(MET, NOVEMBER, 12, flagged=12)]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = Settings(home=tmp_path_factory.mktemp("published"))
    generate_keys(found.keys)
    release(BEFORE, DECEMBER, found)
    return found.home


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    """A collection whose last quarter of 2025 is published."""
    return Settings(home=shutil.copytree(published, tmp_path / "home"))


@pytest.fixture(scope="module")
def once(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = shutil.copytree(published, tmp_path_factory.mktemp("once") / "home")
    release(TWELVE, JANUARY, Settings(home=home), anew=True)
    return home


@pytest.fixture
def restated(once: Path, tmp_path: Path) -> Settings:
    """The same, after January's release made the re-baseline: twelve more in the Met's November."""
    return Settings(home=shutil.copytree(once, tmp_path / "home"))


def release(
    people: Sequence[Person], month: str, settings: Settings, *, anew: bool = False
) -> Path:
    """Draft, audit and publish ``month`` from a warehouse of just these people."""
    return publish(audited(make_marts(people), month, settings, anew=anew), settings)


def changed(settings: Settings) -> set[tuple[str, str]]:
    """Periods and places of 2025 that January's release restates."""
    then, now = (
        [*read_rows(settings.releases / m, TrendRow), *read_rows(settings.releases / m, HabitRow)]
        for m in (DECEMBER, JANUARY)
    )
    return {(row.period, row.force_code) for row in {*then} - {*now}}


def declared(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text())["rebaseline"]
    return found


def test_twelve_who_come_change_their_force_and_what_it_is_part_of(restated: Settings) -> None:
    folder, settings = restated.releases / JANUARY, restated
    places = (MET, LONDON, NATIONAL)
    assert changed(settings) == {(p, place) for p in (NOVEMBER, "2025-Q4") for place in places}
    rows = {(r.period, r.force_code, r.category): r for r in read_rows(folder, TrendRow)}
    assert rows[NOVEMBER, MET, "DISC"].messages == 600 + 240
    assert rows[NOVEMBER, MET, "DISC"].contributors == 40  # 42
    assert rows[NOVEMBER, MET, "DISC"].flagged == 25  # 14 and 12
    assert rows["2025-Q4", MET, "DISC"].messages == 600 + 840 + 600
    assert rows[NOVEMBER, NATIONAL, "ANY"].messages == 1600 + 240
    assert declared(folder)["periods"] == [NOVEMBER, "2025-Q4"]
    assert audit_published(None, make_marts(TWELVE), settings, print).insider_views > 0


NOBODY_TOLD = {
    "one withdraws": [p for p in AFTER if p.name != f"{MET}-3"],
    "nine come": [*AFTER, *late(MET, NOVEMBER, 9, flagged=9)],
    "twelve come, of whom three are flagged": [*AFTER, *late(MET, NOVEMBER, 12, flagged=3)],
    "ten come for one who leaves": [
        *(p for p in AFTER if p.name != f"{CUMBRIA}-1" or p.month != NOVEMBER),
        *late(CUMBRIA, NOVEMBER, 10, flagged=10),
    ],
    "twelve come, and one of them wrote most": [
        *AFTER,
        *late(MET, NOVEMBER, 11, flagged=11),
        Person(MET, NOVEMBER, "loud", 900, {"DISC": 1}),
    ],
}


@pytest.mark.parametrize("case", NOBODY_TOLD)
def test_where_a_change_would_tell_of_few_nothing_changes(settings: Settings, case: str) -> None:
    folder = release(NOBODY_TOLD[case], JANUARY, settings, anew=True)
    assert changed(settings) == set()
    found = declared(folder)
    assert (found["periods"], found["cells_changed"]) == ([], 0)
    assert found["cells_kept"] != 0


def test_one_who_leaves_elsewhere_stays_in_the_sums(settings: Settings) -> None:
    """Twelve come to the Met, one of Cumbria's leaves: the nation changes by twelve, not eleven."""
    people = [p for p in AFTER if (p.name, p.month) != (f"{CUMBRIA}-1", NOVEMBER)]
    folder = release([*people, *late(MET, NOVEMBER, 12, flagged=12)], JANUARY, settings, anew=True)
    rows = {(r.period, r.force_code, r.category): r for r in read_rows(folder, TrendRow)}
    assert rows[NOVEMBER, NATIONAL, "ANY"].messages == 1600 + 240
    assert rows[NOVEMBER, REGION_NW, "ANY"].messages == 1000
    assert {place for _, place in changed(settings)} == {MET, LONDON, NATIONAL}


def test_a_force_that_loses_most_of_its_people_keeps_its_figure(settings: Settings) -> None:
    """Nineteen of Cumbria's 24 withdraw: a new count would be of five people."""
    gone = {f"{CUMBRIA}-{n}" for n in range(19)}
    release([p for p in AFTER if p.name not in gone], JANUARY, settings, anew=True)
    assert changed(settings) == set()


def test_a_withheld_force_may_change_and_stays_withheld(settings: Settings) -> None:
    """Fourteen come to Merseyside: its region's figure grows, its own is not published."""
    people = [*AFTER, *late(MERSEYSIDE, NOVEMBER, 14, flagged=14)]
    folder = release(people, JANUARY, settings, anew=True)
    assert {place for _, place in changed(settings)} == {REGION_NW, NATIONAL}
    there = [r for r in read_rows(folder, TrendRow) if r.force_code == MERSEYSIDE]
    assert all(row.messages is None for row in there)


def test_unless_asked_a_published_month_stays(settings: Settings) -> None:
    folder = release(TWELVE, JANUARY, settings)
    assert changed(settings) == set()
    assert "rebaseline" not in json.loads((folder / "manifest.json").read_text())


def test_there_is_one_a_year_and_each_is_held_to_all_before(restated: Settings) -> None:
    """Next year one of the twelve has left, which would be seen beside either figure."""
    with pytest.raises(CallerError, match="2026-01 was the re-baseline of 2026"):
        build_release(make_marts(TWELVE), FEBRUARY, restated, anew=True)
    people = [*TWELVE[:-1], *late(CUMBRIA, DECEMBER, 12, flagged=12), *month_of_chats("2027-01")]
    folder = release(people, "2027-01", restated, anew=True)
    assert declared(folder)["periods"] == [DECEMBER, "2025-Q4"]
    rows = {(r.period, r.force_code, r.category): r for r in read_rows(folder, TrendRow)}
    assert rows[NOVEMBER, MET, "ANY"].messages == 600 + 240
    assert rows[DECEMBER, NATIONAL, "ANY"].messages == 1600 + 240


def test_this_year_is_not_restated(settings: Settings) -> None:
    release(AFTER, JANUARY, settings)
    people = [*AFTER, *late(MET, JANUARY, 12, flagged=12), *month_of_chats(FEBRUARY)]
    folder = release(people, FEBRUARY, settings, anew=True)
    assert declared(folder)["periods"] == []


def test_with_no_earlier_year_there_is_nothing_to_restate(tmp_path: Path) -> None:
    empty = Settings(home=tmp_path)
    with pytest.raises(CallerError, match="Nothing to re-baseline in 2026-01"):
        build_release(make_marts(AFTER), JANUARY, empty, anew=True)


def test_making_the_same_again_changes_nothing(restated: Settings) -> None:
    con = make_marts(TWELVE)
    folder = publish(audited(con, JANUARY, restated, anew=True), restated)
    assert folder == restated.releases / JANUARY
    with pytest.raises(CallerError, match="published and frozen"):
        publish(audited(con, JANUARY, restated), restated)


def restate(folder: Path, by: int) -> None:
    """Change the Met's November by hand."""
    rows = [
        replace(row, messages=row.messages + by)
        if row.force_code == MET and row.period == NOVEMBER and row.messages
        else row
        for row in read_rows(folder, TrendRow)
    ]
    write_rows(folder, TrendRow, rows)


def declare(folder: Path, said: dict[str, object] | None) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    write_manifest(folder, manifest | {"rebaseline": said})


def test_an_undeclared_restatement_is_refused(restated: Settings) -> None:
    declare(restated.releases / JANUARY, None)
    with pytest.raises(GateError, match=r"\d+ rows of 2025-12 are not in it as they were"):
        audit_published(None, None, restated, print)


def test_a_restatement_that_the_counts_do_not_bear_out_is_refused(restated: Settings) -> None:
    restate(restated.releases / JANUARY, 20)
    with pytest.raises(GateError, match="is not what was kept of it"):
        audit_published(None, None, restated, print)


FALSE = [
    ({"periods": [NOVEMBER, "2025-Q4"], "cells_changed": 1}, "another re-baseline than its rows"),
    ({"periods": [OCTOBER, NOVEMBER, "2025-Q4"]}, "another re-baseline than its rows"),
    ({"periods": [NOVEMBER]}, "rows of 2025-12 are not in it as they were"),
    ({"periods": [NOVEMBER, "2025-Q4", JANUARY]}, "is not of earlier years alone"),
]


@pytest.mark.parametrize(("said", "why"), FALSE)
def test_whoever_verifies_finds_a_false_declaration(
    restated: Settings, said: dict[str, object], why: str
) -> None:
    folder = restated.releases / JANUARY
    declare(folder, declared(folder) | said)
    write_checksums(folder)
    *_, january = verify(restated, JANUARY)  # and those it stands on
    assert why in "; ".join(january.problems)


def test_whoever_verifies_finds_a_true_one_in_order(restated: Settings) -> None:
    assert [found.problems for found in verify(restated)] == [(), ()]


def test_what_was_counted_is_sealed(settings: Settings) -> None:
    path = settings.home / "ledgers" / f"counted-{DECEMBER}.json"
    assert path.stat().st_mode & 0o077 == 0
    sealed = b64decode(json.loads(path.read_text())["sealed"])
    assert MET.encode() not in sealed
