"""Attacks on whole releases, drafted for real: planted secrets, each of which the audit names."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import GateError
from pipelines.release.audit.gate import audit
from pipelines.release.audit.notes import NO_NOTES, kept_notes
from pipelines.release.effects import why_no_effect
from pipelines.release.places import read_places
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
from tests.marts import Person, make_marts, team
from tests.releases import (
    CUMBRIA,
    LANCASHIRE,
    MERSEYSIDE,
    MET,
    again,
    month_of_chats,
    release,
    released,
)

MONTHS = ["2026-01", "2026-02", "2026-03"]


def test_a_sound_release_passes_the_audit(settings: Settings) -> None:
    people = [p for month in MONTHS for p in month_of_chats(month)]
    release(people, MONTHS[-1], settings)
    found = again(settings, make_marts(people))
    assert found.insider_views > 0
    assert (found.releases, found.quarters) == (1, 1)


def test_without_the_complementary_cells_the_audit_names_what_shows(
    january: Path, settings: Settings
) -> None:
    """The planted secret: publish Lancashire, which passes by itself, beside the region's sum."""
    rows = read_rows(january, TrendRow)
    cumbria = [row for row in rows if row.force_code == CUMBRIA]
    lancashire = [replace(row, force_code=LANCASHIRE, messages=400) for row in cumbria]
    others = [row for row in rows if row.force_code != LANCASHIRE]
    write_rows(january, TrendRow, [*others, *lancashire])
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
    january: Path, settings: Settings, figure: str
) -> None:
    """The exact count shows in the digits of a rate that was not made of the rounded one."""
    rows = read_rows(january, TrendRow)
    at = next(n for n, row in enumerate(rows) if row.force_code == MET and row.flagged)
    rows[at] = replace(rows[at], **{figure: getattr(rows[at], figure) + 0.004})
    write_rows(january, TrendRow, rows)
    with pytest.raises(GateError, match=f"of {rows[at].category} in {MET} 2026-01 is not made of"):
        again(settings)


def test_a_count_that_is_not_rounded_is_refused(january: Path, settings: Settings) -> None:
    rows = [
        replace(row, messages=601) if row.force_code == MET else row
        for row in read_rows(january, TrendRow)
    ]
    write_rows(january, TrendRow, rows)
    with pytest.raises(GateError, match=f"in {MET} 2026-01 is not made of its published counts"):
        again(settings)


@pytest.mark.parametrize("figure", ["estimate_per_1000", "low", "high"])
def test_a_habits_share_made_of_more_than_its_counts_is_refused(
    january: Path, settings: Settings, figure: str
) -> None:
    rows = read_rows(january, HabitRow)
    at = next(n for n, row in enumerate(rows) if row.part)
    rows[at] = replace(rows[at], **{figure: getattr(rows[at], figure) + 0.004})
    write_rows(january, HabitRow, rows)
    with pytest.raises(GateError, match=f"{rows[at].habit} {rows[at].value} in .* is not made of"):
        again(settings)


def test_a_withheld_count_beside_a_habit_is_refused(january: Path, settings: Settings) -> None:
    """Merseyside's messages, [c] in the trends, may not be said in another file either."""
    rows = read_rows(january, HabitRow)
    at = next(n for n, row in enumerate(rows) if row.force_code == MERSEYSIDE)
    rows[at] = replace(rows[at], messages=120, contributors=10)
    write_rows(january, HabitRow, rows)
    with pytest.raises(GateError, match=f"in {MERSEYSIDE} 2026-01 is not made of the counts"):
        again(settings)


def test_a_comparison_made_of_more_than_published_months_is_refused(
    january: Path, settings: Settings
) -> None:
    first, *others = read_rows(january, ImpactRow)
    said = replace(first, months_after=1, after_per_1000=9.0, after_low=8.0, after_high=10.0)
    write_rows(january, ImpactRow, [said, *others])
    with pytest.raises(GateError, match="comparisons before and after training"):
        again(settings)


def test_an_effect_made_of_more_than_published_months_is_refused(
    january: Path, settings: Settings
) -> None:
    first, *others = read_rows(january, EffectRow)
    said = replace(first, ratio=0.8, low=0.7, high=0.9, status="estimated")
    write_rows(january, EffectRow, [said, *others], why_no_effect)
    with pytest.raises(GateError, match="its effects of training are not made of its published"):
        again(settings)


def test_an_estimate_by_other_constants_than_are_printed_is_refused(
    january: Path, settings: Settings
) -> None:
    manifest = json.loads((january / "manifest.json").read_text())
    manifest["estimation"][0]["methods"]["DISC"]["tpr"] *= 1.01
    (january / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(GateError, match="is not made of its published counts"):
        again(settings)


def challenges(month: str, cumbria: int = 3, lancashire: int = 13) -> list[Person]:
    """Three of Cumbria's were challenged, too few: Lancashire's rate is withheld to hide them."""
    return [
        *team(MET, month, 40, 20, {"DISC": 30}, challenged=14),
        *team(CUMBRIA, month, 40, 20, {"DISC": 30}, challenged=cumbria),
        *team(LANCASHIRE, month, 40, 20, {"DISC": 30}, challenged=lancashire),
    ]


@pytest.fixture(scope="module")
def challenged_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("challenged")
    release(challenges("2026-01"), "2026-01", Settings(home=home))
    return home


@pytest.fixture
def challenged(challenged_home: Path, settings: Settings) -> Path:
    """The release of ``challenges``, which a test may change."""
    shutil.copytree(challenged_home, settings.home, dirs_exist_ok=True)
    return settings.releases / "2026-01"


def disclose_lancashire(folder: Path) -> None:
    """Publish its challenge rate, withheld to hide Cumbria's."""
    rows = [
        replace(row, share=50.0, low=30.0, high=70.0, challenged=15)
        if row.force_code == LANCASHIRE
        else row
        for row in read_rows(folder, ChallengeRow)
    ]
    write_rows(folder, ChallengeRow, rows)


def test_a_challenge_count_told_by_subtraction_is_refused(
    challenged: Path, settings: Settings
) -> None:
    """The planted secret: Lancashire's rate, which passes by itself, beside the region's."""
    assert again(settings).withheld_counts > 0
    disclose_lancashire(challenged)
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
    challenged: Path, settings: Settings, changes: dict[str, float]
) -> None:
    rows = [
        replace(row, **changes) if row.force_code == MET else row
        for row in read_rows(challenged, ChallengeRow)
    ]
    write_rows(challenged, ChallengeRow, rows)
    with pytest.raises(GateError, match=f"challenge rate of {MET} 2026-01 is not made of"):
        again(settings)


def test_codes_and_reasons_are_found_in_any_file(january: Path, settings: Settings) -> None:
    (january / "site").mkdir()
    for content in (b"x" + b"0af3" * 8 + b"x", "too_few_authors".encode("utf-16-le")):
        (january / "site" / "page.html").write_bytes(content)
        with pytest.raises(GateError, match=r"2026-01/site/page\.html"):
            again(settings)


def test_where_the_warehouse_has_changed_only_the_outsider_attacks(
    january: Path, settings: Settings
) -> None:
    late = Person(MET, "2026-01", f"{MET}-0", 3000, {"DISC": 900})
    assert again(settings, make_marts([*month_of_chats("2026-01"), late])).insider_views == 0


def test_a_quarter_in_which_nobody_has_written_yet_is_reported(settings: Settings) -> None:
    """The run of 1 May where April's exports are still to come."""
    con = make_marts(month_of_chats("2026-03"))
    released(con, "2026-03", settings)
    rows = read_rows(released(con, "2026-04", settings), TrendRow)
    assert {row.messages for row in rows if row.period == "2026-04"} == {None}


def test_the_notes_say_who_was_withheld_to_hide_others(january: Path, settings: Settings) -> None:
    notes = kept_notes(["2026-01"], settings)
    assert notes.present["2026-01"] == {MET, CUMBRIA, LANCASHIRE, MERSEYSIDE}
    withheld = {cell.place for split, cell in notes.harmless if split == "messages"}
    assert withheld == {LANCASHIRE}


def test_the_notes_say_which_part_of_a_withheld_challenge_rate_may_be_told(
    challenged: Path,
    settings: Settings,
) -> None:
    """Three of Cumbria's were challenged and 27 were not; Lancashire hides them, and passes."""
    notes = kept_notes(["2026-01"], settings)
    parts = {(split, cell.place) for split, cell in notes.harmless if split.endswith("challenged")}
    assert {part for part in parts if part[1] in (CUMBRIA, LANCASHIRE)} == {
        ("unchallenged", CUMBRIA),
        ("challenged", LANCASHIRE),
        ("unchallenged", LANCASHIRE),
    }


def test_the_files_alone_cannot_say_who_collects_nowhere(january: Path, settings: Settings) -> None:
    """Without notes the North East, where nobody volunteered, is a withheld place: told to be 0."""
    with pytest.raises(GateError, match="E12000001 2026-01 messages"):
        audit([january], read_places(), NO_NOTES)
