"""Whether releases tell who took part or left: withdrawals, newcomers, counts crossing ten."""

from __future__ import annotations

import json
import shutil
from dataclasses import astuple, replace
from pathlib import Path

import pytest

from pipelines.errors import GateError
from pipelines.release.build import build_release
from pipelines.release.cells import read_habits
from pipelines.release.places import read_places
from pipelines.release.rounding import round_to_base
from pipelines.release.rows import (
    HabitRow,
    TrendRow,
    read_rows,
    write_rows,
)
from pipelines.settings import Settings
from tests.marts import Person, add_labels, add_people, make_marts, team
from tests.releases import (
    CUMBRIA,
    MERSEYSIDE,
    MET,
    again,
    month_of_chats,
    release,
    released,
)

MONTHS = ["2026-01", "2026-02", "2026-03"]


def loud(month: str, name: str, messages: int = 150) -> Person:
    """A Met officer who writes far more than others: leaving shows most."""
    return Person(MET, month, name, messages, {"DISC": 9}, chat=1)


def with_withdrawal(settings: Settings, leaver: str | None) -> list[Path]:
    """Three monthly releases; ``leaver`` withdraws after the first."""
    stayers = [name for name in ("loud-1", "loud-2") if name != leaver]
    everyone = [*month_of_chats(MONTHS[0]), *(loud(MONTHS[0], n) for n in ("loud-1", "loud-2"))]
    folders = [release(everyone, MONTHS[0], settings)]
    for end in (2, 3):
        people = [p for month in MONTHS[:end] for p in month_of_chats(month)]
        people += [loud(month, name) for month in MONTHS[:end] for name in stayers]
        folders.append(release(people, MONTHS[end - 1], settings))
    return folders


@pytest.fixture(scope="module")
def withdrawn_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("withdrawn")
    with_withdrawal(Settings(home=home), "loud-1")
    return home


@pytest.fixture
def withdrawn(withdrawn_home: Path, settings: Settings) -> list[Path]:
    """The three releases around the withdrawal of ``loud-1``, which a test may change."""
    shutil.copytree(withdrawn_home, settings.home, dirs_exist_ok=True)
    return [settings.releases / month for month in MONTHS]


def test_differencing_releases_after_a_withdrawal_shows_nothing(
    withdrawn: list[Path], settings: Settings
) -> None:
    """January's figures stand; the quarter is the sum of what is published, not a new count."""
    january, _, march = withdrawn
    before, after = read_rows(january, TrendRow), read_rows(march, TrendRow)
    assert after[: len(before)] == before
    messages = {(r.period, r.force_code): r.messages for r in after if r.category == "ANY"}
    for place in read_places().all:
        months = [messages[month, place] for month in MONTHS]
        if None not in months:
            assert messages["2026-Q1", place] == sum(m for m in months if m is not None)
    assert again(settings).releases == 3


def test_a_quarter_counted_again_after_a_withdrawal_is_refused(
    withdrawn: list[Path], settings: Settings
) -> None:
    """The same attack, had the quarter been counted from what is left in the warehouse."""
    march = withdrawn[-1]
    rows = [
        replace(row, messages=row.messages - 150)
        if row.force_code == MET and row.period == "2026-Q1" and row.messages
        else row
        for row in read_rows(march, TrendRow)
    ]
    write_rows(march, TrendRow, rows)
    with pytest.raises(GateError, match="is not their sum"):
        again(settings)


def test_who_of_two_alike_withdrew_cannot_be_told(withdrawn: list[Path], tmp_path: Path) -> None:
    other = with_withdrawal(Settings(home=tmp_path / "other"), "loud-2")
    one, two = ([(f / "trends.csv").read_bytes() for f in found] for found in (withdrawn, other))
    assert one == two


def test_a_newcomer_nobody_sees_in_the_figures_is_not_seen_in_the_manifest(tmp_path: Path) -> None:
    """One message of one person, where nobody else wrote: more values for the audit to attack."""
    south_yorkshire, west_yorkshire = "E23000011", "E23000010"
    people = [*month_of_chats("2026-01"), *team(south_yorkshire, "2026-01", 5, 20)]
    newcomer = Person(west_yorkshire, "2026-01", "newcomer", 1)
    folders = [
        released(con, "2026-01", Settings(home=tmp_path / name))
        for name, con in (("one", make_marts(people)), ("two", make_marts([*people, newcomer])))
    ]
    for name in ("trends.csv", "habits.csv", "challenge.csv", "manifest.json"):
        first, second = ((folder / name).read_bytes() for folder in folders)
        assert first == second, name


def ten_then_nine(settings: Settings, leaver: int) -> list[Path]:
    """Durham and Cleveland of ten contributors each; one of Durham's leaves after January."""
    small = {month: team("E23000008", month, 11, 20, {"DISC": 11}) for month in MONTHS[:2]}
    small["2026-02"] = [p for n, p in enumerate(small["2026-02"]) if n not in (0, leaver)]
    other = {month: month_of_chats(month) for month in MONTHS[:2]}
    january = [*small["2026-01"][1:], *other["2026-01"]]
    stayed = [p for n, p in enumerate(small["2026-01"]) if n not in (0, leaver)]
    folders = [release(january, "2026-01", settings)]
    later = [*stayed, *small["2026-02"], *other["2026-01"], *other["2026-02"]]
    return [*folders, release(later, "2026-02", settings)]


def test_crossing_ten_to_nine_contributors_tells_no_membership(tmp_path: Path) -> None:
    """Ten publish; nine are withheld like a force nobody joined; who left leaves no trace."""
    worlds = []
    for leaver in (3, 7):
        folders = ten_then_nine(Settings(home=tmp_path / str(leaver)), leaver)
        worlds.append([(folder / "trends.csv").read_bytes() for folder in folders])
    assert worlds[0] == worlds[1]
    rows = read_rows(folders[-1], TrendRow)
    durham = {(r.period, r.category): r for r in rows if r.force_code == "E23000008"}
    nobody = {(r.period, r.category): r for r in rows if r.force_code == "E23000030"}
    assert durham["2026-01", "ANY"].messages == round_to_base(200)
    for category in ("ANY", "DISC"):
        withheld = astuple(durham["2026-02", category])[3:]
        assert withheld == astuple(nobody["2026-02", category])[3:]


@pytest.mark.parametrize("transferred", [3, 12])
def test_people_who_wrote_in_two_forces_do_not_stop_a_release(
    settings: Settings, transferred: int
) -> None:
    """The nation counts them once and their forces twice: no contradiction."""
    both = [replace(p, force=CUMBRIA, messages=5) for p in team(MET, MONTHS[0], transferred, 20)]
    folder = released(make_marts([*month_of_chats(MONTHS[0]), *both]), MONTHS[0], settings)
    assert any(row.contributors for row in read_rows(folder, TrendRow))


def test_a_labelled_volunteers_withdrawal_does_not_show_in_the_constants(
    settings: Settings, tmp_path: Path
) -> None:
    """Volunteer 10 is one of 18 whose message was missed: without them 15 would be, rounded."""
    con = make_marts(month_of_chats("2026-01"))
    add_labels(con)
    first = released(con, "2026-01", settings)
    con.execute("DELETE FROM label.item WHERE contributor_key = 'volunteer 10'::BLOB")
    add_people(con, month_of_chats("2026-02"))
    second = released(con, "2026-02", settings)
    before, after = _constants(first), _constants(second)
    assert after == before and before["DISC"]["basis"] == "calibrated"
    anew = _constants(released(con, "2026-02", Settings(home=tmp_path / "anew")))
    assert anew["DISC"]["tpr"] != before["DISC"]["tpr"], "what they would tell, taken anew"


def _constants(folder: Path) -> dict[str, dict[str, object]]:
    methods = json.loads((folder / "manifest.json").read_text())["estimation"][-1]["methods"]
    assert isinstance(methods, dict)
    return methods


@pytest.mark.parametrize("month", ["2026-01", "2026-02"])
def test_one_message_by_another_application_adds_no_row(settings: Settings, month: str) -> None:
    """Nor does one of a month that the release is not of."""
    con = make_marts(month_of_chats("2026-01"))
    of_one = [MERSEYSIDE, f"{month}-01"]
    con.execute(
        "INSERT INTO mart.contribution VALUES ('x', 'x', 'x', ?, ?, 'ANY', 1, 0, 0, 0)", of_one
    )
    con.execute(
        "INSERT INTO mart.habit_contribution VALUES ('x', 'x', 'x', ?, ?, 'platform', 'signal', 1)",
        of_one,
    )
    rows = read_rows(build_release(con, "2026-01", settings), HabitRow)
    assert {(row.habit, row.value) for row in rows} == set(read_habits())
    assert len(rows) == 44 * len(read_habits())
