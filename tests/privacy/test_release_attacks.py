"""Attacks on whole releases, drafted for real: planted secrets, withdrawals, memberships."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import GateError
from pipelines.release.audit.gate import AuditResult, audit
from pipelines.release.audit.notes import NO_NOTES, kept_notes
from pipelines.release.audit.run import audit_published
from pipelines.release.build import build_release
from pipelines.release.cells import read_habits
from pipelines.release.effects import why_no_effect
from pipelines.release.places import read_places
from pipelines.release.rounding import round_to_base
from pipelines.release.rows import (
    ChallengeRow,
    EffectRow,
    HabitRow,
    ImpactRow,
    TrendRow,
    read_rows,
    write_rows,
)
from pipelines.settings import Settings
from tests.marts import Person, add_labels, add_people, make_marts, team
from tests.releases import released

MET, CUMBRIA, LANCASHIRE, MERSEYSIDE = "E23000001", "E23000002", "E23000003", "E23000004"
MONTHS = ["2026-01", "2026-02", "2026-03"]


def month_of_chats(month: str) -> list[Person]:
    """Four forces; Merseyside is too small, and Lancashire is withheld to hide it."""
    return [
        *team(MET, month, 30, 20, {"DISC": 14, "OPS": 4}),
        *team(CUMBRIA, month, 24, 20, {"DISC": 13, "OPS": 6}),
        *team(LANCASHIRE, month, 20, 20, {"DISC": 12}),
        *team(MERSEYSIDE, month, 6, 20, {"DISC": 3}),
    ]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def release(people: Sequence[Person], month: str, settings: Settings) -> Path:
    """Draft, audit and publish ``month`` from a warehouse of just these people."""
    return released(make_marts(people), month, settings)


def again(settings: Settings, con: duckdb.DuckDBPyConnection | None = None) -> AuditResult:
    return audit_published(None, con, settings, lambda said: None)


def test_a_sound_release_passes_the_audit(settings: Settings) -> None:
    people = [p for month in MONTHS for p in month_of_chats(month)]
    release(people, MONTHS[-1], settings)
    found = again(settings, make_marts(people))
    assert found.insider_views > 0
    assert (found.releases, found.quarters) == (1, 1)


def test_without_the_complementary_cells_the_audit_names_what_shows(settings: Settings) -> None:
    """The planted secret: publish Lancashire, which passes by itself, beside the region's sum."""
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    rows = read_rows(folder, TrendRow)
    cumbria = [row for row in rows if row.force_code == CUMBRIA]
    lancashire = [replace(row, force_code=LANCASHIRE, messages=400) for row in cumbria]
    others = [row for row in rows if row.force_code != LANCASHIRE]
    write_rows(folder, TrendRow, [*others, *lancashire])
    with pytest.raises(GateError, match=f"{MERSEYSIDE} 2026-01 messages") as refused:
        again(settings)
    assert refused.value.exit_code == 4
    assert "120" not in str(refused.value), "the message names the cell and not its value"


def test_a_month_restated_after_a_withdrawal_is_refused(settings: Settings) -> None:
    """What frozen months are for: one person's messages are the difference of two releases."""
    first = [p for month in MONTHS[:2] for p in month_of_chats(month)]
    release(month_of_chats(MONTHS[0]), MONTHS[0], settings)
    folder = release(first, MONTHS[1], settings)
    rows = [
        replace(row, messages=row.messages - 20)
        if row.force_code == MET and row.period == MONTHS[0] and row.messages
        else row
        for row in read_rows(folder, TrendRow)
    ]
    write_rows(folder, TrendRow, rows)
    with pytest.raises(GateError, match="4 rows of 2026-01 are not in it as they were"):
        again(settings)


@pytest.mark.parametrize("figure", ["estimate_per_1000", "low", "high"])
def test_an_estimate_made_of_more_than_its_counts_is_refused(
    settings: Settings, figure: str
) -> None:
    """The exact count shows in the digits of a rate that was not made of the rounded one."""
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    rows = read_rows(folder, TrendRow)
    at = next(n for n, row in enumerate(rows) if row.force_code == MET and row.flagged)
    rows[at] = replace(rows[at], **{figure: getattr(rows[at], figure) + 0.004})
    write_rows(folder, TrendRow, rows)
    with pytest.raises(GateError, match=f"of {rows[at].category} in {MET} 2026-01 is not made of"):
        again(settings)


def test_a_count_that_is_not_rounded_is_refused(settings: Settings) -> None:
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    rows = [
        replace(row, messages=601) if row.force_code == MET else row
        for row in read_rows(folder, TrendRow)
    ]
    write_rows(folder, TrendRow, rows)
    with pytest.raises(GateError, match=f"in {MET} 2026-01 is not made of its published counts"):
        again(settings)


@pytest.mark.parametrize("figure", ["estimate_per_1000", "low", "high"])
def test_a_habits_share_made_of_more_than_its_counts_is_refused(
    settings: Settings, figure: str
) -> None:
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    rows = read_rows(folder, HabitRow)
    at = next(n for n, row in enumerate(rows) if row.part)
    rows[at] = replace(rows[at], **{figure: getattr(rows[at], figure) + 0.004})
    write_rows(folder, HabitRow, rows)
    with pytest.raises(GateError, match=f"{rows[at].habit} {rows[at].value} in .* is not made of"):
        again(settings)


def test_a_withheld_count_beside_a_habit_is_refused(settings: Settings) -> None:
    """Merseyside's messages, [c] in the trends, may not be said in another file either."""
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    rows = read_rows(folder, HabitRow)
    at = next(n for n, row in enumerate(rows) if row.force_code == MERSEYSIDE)
    rows[at] = replace(rows[at], messages=120, contributors=10)
    write_rows(folder, HabitRow, rows)
    with pytest.raises(GateError, match=f"in {MERSEYSIDE} 2026-01 is not made of the counts"):
        again(settings)


def test_a_comparison_made_of_more_than_published_months_is_refused(settings: Settings) -> None:
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    first, *others = read_rows(folder, ImpactRow)
    said = replace(first, months_after=1, after_per_1000=9.0, after_low=8.0, after_high=10.0)
    write_rows(folder, ImpactRow, [said, *others])
    with pytest.raises(GateError, match="comparisons before and after training"):
        again(settings)


def test_an_effect_made_of_more_than_published_months_is_refused(settings: Settings) -> None:
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    first, *others = read_rows(folder, EffectRow)
    said = replace(first, ratio=0.8, low=0.7, high=0.9, status="estimated")
    write_rows(folder, EffectRow, [said, *others], why_no_effect)
    with pytest.raises(GateError, match="its effects of training are not made of its published"):
        again(settings)


def test_an_estimate_by_other_constants_than_are_printed_is_refused(settings: Settings) -> None:
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["estimation"][0]["methods"]["DISC"]["tpr"] *= 1.01
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(GateError, match="is not made of its published counts"):
        again(settings)


def challenges(month: str, cumbria: int = 3, lancashire: int = 13) -> list[Person]:
    """Three of Cumbria's were challenged, too few: Lancashire's rate is withheld to hide them."""
    return [
        *team(MET, month, 40, 20, {"DISC": 30}, challenged=14),
        *team(CUMBRIA, month, 40, 20, {"DISC": 30}, challenged=cumbria),
        *team(LANCASHIRE, month, 40, 20, {"DISC": 30}, challenged=lancashire),
    ]


def disclose_lancashire(folder: Path) -> None:
    """Publish its challenge rate, withheld to hide Cumbria's."""
    rows = [
        replace(row, share=50.0, low=30.0, high=70.0, challenged=15)
        if row.force_code == LANCASHIRE
        else row
        for row in read_rows(folder, ChallengeRow)
    ]
    write_rows(folder, ChallengeRow, rows)


def test_a_challenge_count_told_by_subtraction_is_refused(settings: Settings) -> None:
    """The planted secret: Lancashire's rate, which passes by itself, beside the region's."""
    folder = release(challenges("2026-01"), "2026-01", settings)
    assert again(settings).withheld_counts > 0
    disclose_lancashire(folder)
    with pytest.raises(GateError, match=f"told from published ones: {CUMBRIA} 2026-01 CHAL chall"):
        again(settings)


def test_a_count_of_unchallenged_messages_told_by_subtraction_is_refused(
    settings: Settings,
) -> None:
    """The same where all but one were challenged: the 29 may be told, the one may not."""
    folder = release(challenges("2026-01", cumbria=29, lancashire=14), "2026-01", settings)
    disclose_lancashire(folder)
    with pytest.raises(GateError, match=f"told from published ones: {CUMBRIA} 2026-01 CHAL unch"):
        again(settings)


@pytest.mark.parametrize("changes", [{"share": 46.7}, {"low": 12.0}, {"risky": 35}])
def test_a_challenge_rate_made_of_more_than_its_counts_is_refused(
    settings: Settings, changes: dict[str, float]
) -> None:
    folder = release(challenges("2026-01"), "2026-01", settings)
    rows = [
        replace(row, **changes) if row.force_code == MET else row
        for row in read_rows(folder, ChallengeRow)
    ]
    write_rows(folder, ChallengeRow, rows)
    with pytest.raises(GateError, match=f"challenge rate of {MET} 2026-01 is not made of"):
        again(settings)


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


def test_differencing_releases_after_a_withdrawal_shows_nothing(settings: Settings) -> None:
    """January's figures stand; the quarter is the sum of what is published, not a new count."""
    january, _, march = with_withdrawal(settings, "loud-1")
    before, after = read_rows(january, TrendRow), read_rows(march, TrendRow)
    assert after[: len(before)] == before
    messages = {(r.period, r.force_code): r.messages for r in after if r.category == "ANY"}
    for place in read_places().all:
        months = [messages[month, place] for month in MONTHS]
        if None not in months:
            assert messages["2026-Q1", place] == sum(m for m in months if m is not None)
    assert again(settings).releases == 3


def test_a_quarter_counted_again_after_a_withdrawal_is_refused(settings: Settings) -> None:
    """The same attack, had the quarter been counted from what is left in the warehouse."""
    march = with_withdrawal(settings, "loud-1")[-1]
    rows = [
        replace(row, messages=row.messages - 150)
        if row.force_code == MET and row.period == "2026-Q1" and row.messages
        else row
        for row in read_rows(march, TrendRow)
    ]
    write_rows(march, TrendRow, rows)
    with pytest.raises(GateError, match="is not their sum"):
        again(settings)


def test_who_of_two_alike_withdrew_cannot_be_told(tmp_path: Path) -> None:
    files = [
        [(folder / "trends.csv").read_bytes() for folder in with_withdrawal(home, leaver)]
        for home, leaver in (
            (Settings(home=tmp_path / "one"), "loud-1"),
            (Settings(home=tmp_path / "two"), "loud-2"),
        )
    ]
    assert files[0] == files[1]


def test_a_newcomer_nobody_sees_in_the_figures_is_not_seen_in_the_manifest(tmp_path: Path) -> None:
    """One message of one person, where nobody else wrote: more values for the audit to attack."""
    south_yorkshire, west_yorkshire = "E23000011", "E23000010"
    people = [*month_of_chats("2026-01"), *team(south_yorkshire, "2026-01", 8, 20)]
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


def test_codes_and_reasons_are_found_in_any_file(settings: Settings) -> None:
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    (folder / "site").mkdir()
    for content in (b"x" + b"0af3" * 8 + b"x", "too_few_authors".encode("utf-16-le")):
        (folder / "site" / "page.html").write_bytes(content)
        with pytest.raises(GateError, match=r"2026-01/site/page\.html"):
            again(settings)


def test_where_the_warehouse_has_changed_only_the_outsider_attacks(settings: Settings) -> None:
    people = month_of_chats("2026-01")
    release(people, "2026-01", settings)
    late = Person(MET, "2026-01", f"{MET}-0", 3000, {"DISC": 900})
    assert again(settings, make_marts([*people, late])).insider_views == 0


def test_a_quarter_in_which_nobody_has_written_yet_is_reported(settings: Settings) -> None:
    """The run of 1 May where April's exports are still to come."""
    con = make_marts(month_of_chats("2026-03"))
    released(con, "2026-03", settings)
    rows = read_rows(released(con, "2026-04", settings), TrendRow)
    assert {row.messages for row in rows if row.period == "2026-04"} == {None}


def test_the_notes_say_who_was_withheld_to_hide_others(settings: Settings) -> None:
    release(month_of_chats("2026-01"), "2026-01", settings)
    notes = kept_notes(["2026-01"], settings)
    assert notes.present["2026-01"] == {MET, CUMBRIA, LANCASHIRE, MERSEYSIDE}
    withheld = {cell.place for split, cell in notes.harmless if split == "messages"}
    assert withheld == {LANCASHIRE}


def test_the_notes_say_which_part_of_a_withheld_challenge_rate_may_be_told(
    settings: Settings,
) -> None:
    """Three of Cumbria's were challenged and 27 were not; Lancashire hides them, and passes."""
    release(challenges("2026-01"), "2026-01", settings)
    notes = kept_notes(["2026-01"], settings)
    parts = {(split, cell.place) for split, cell in notes.harmless if split.endswith("challenged")}
    assert {part for part in parts if part[1] in (CUMBRIA, LANCASHIRE)} == {
        ("unchallenged", CUMBRIA),
        ("challenged", LANCASHIRE),
        ("unchallenged", LANCASHIRE),
    }


def test_the_files_alone_cannot_say_who_collects_nowhere(settings: Settings) -> None:
    """Without notes the North East, where nobody volunteered, is a withheld place: told to be 0."""
    folder = release(month_of_chats("2026-01"), "2026-01", settings)
    with pytest.raises(GateError, match="E12000001 2026-01 messages"):
        audit([folder], read_places(), NO_NOTES)


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
