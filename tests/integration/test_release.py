"""Releases on disk, from marts to published folder: frozen, chained, whole or not there."""

from __future__ import annotations

import csv
import json
import subprocess
from dataclasses import astuple, replace
from pathlib import Path

import pytest

from pipelines.errors import CallerError, GateError
from pipelines.prevalence.method import Method
from pipelines.release import disclosure, enclave
from pipelines.release.audit.run import audit_draft
from pipelines.release.build import build_release
from pipelines.release.enclave import Kept
from pipelines.release.files import sha256
from pipelines.release.ledger import ReleaseLedger, kept_ledger
from pipelines.release.places import NATIONAL
from pipelines.release.publish import publish, published_months
from pipelines.release.rows import ChallengeRow, HabitRow, TrendRow, read_rows, write_rows
from pipelines.settings import Approval, Settings
from tests.marts import Person, add_labels, add_people, make_marts, team
from tests.releases import audited, released

REGION_NW, LONDON = "E12000002", "E12000007"
MET, CUMBRIA, LANCASHIRE, MERSEYSIDE = "E23000001", "E23000002", "E23000003", "E23000004"


def month_of_chats(month: str) -> list[Person]:
    """Four forces. Only DISC is talked about enough to publish, and Merseyside is too small."""
    return [
        *team(MET, month, 30, 20, {"DISC": 12, "OPS": 4}),
        *team(CUMBRIA, month, 24, 20, {"DISC": 11, "OPS": 11}),
        *team(LANCASHIRE, month, 20, 20, {"DISC": 10}),
        *team(MERSEYSIDE, month, 6, 20, {"DISC": 3}),
    ]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_a_month_as_published(settings: Settings) -> None:
    """Merseyside fails; Lancashire goes with it, or subtraction would find Merseyside.

    London is the Met alone, and everybody knows.
    """
    con = make_marts(month_of_chats("2026-01"))
    release = released(con, "2026-01", settings)
    shown = {
        (row.force_code, row.category): (row.flagged, row.messages, row.contributors)
        for row in read_rows(release, TrendRow)
    }
    assert {key: shown[key] for key in shown if key[1] == "DISC" and any(shown[key])} == {
        #               flagged, messages, people
        (NATIONAL, "DISC"): (35, 1600, 80),  # 36 flagged, rounded
        (LONDON, "DISC"): (10, 600, 30),
        (REGION_NW, "DISC"): (25, 1000, 50),  # 24 flagged
        (MET, "DISC"): (10, 600, 30),  # 12 flagged
        (CUMBRIA, "DISC"): (10, 480, 25),
    }
    assert shown[MET, "OPS"] == (None, 600, 30), "4 people flagged: rate withheld, messages not"
    assert shown[MET, "SEXM"] == (None, 600, 30), "zero is withheld as 1 to 9 people would be"
    assert shown[MET, "ANY"] == (10, 600, 30), "and all risky content stands in for both"
    assert len(read_rows(release, TrendRow)) == (43 + 10 + 1) * 4


def test_challenge_rates_as_published(settings: Settings) -> None:
    """Three were challenged in Cumbria; Lancashire's rate goes too, or subtraction would tell."""
    people = [
        *team(MET, "2026-01", 40, 20, {"DISC": 30}, challenged=14),
        *team(CUMBRIA, "2026-01", 40, 20, {"DISC": 30}, challenged=3),
        *team(LANCASHIRE, "2026-01", 40, 20, {"DISC": 30}, challenged=13),
    ]
    release = released(make_marts(people), "2026-01", settings)
    rows = read_rows(release, ChallengeRow)
    shown = {row.force_code: (row.share, row.challenged, row.risky) for row in rows if row.risky}
    assert shown == {
        #           share, challenged, risky
        NATIONAL: (33.333, 30, 90),
        LONDON: (50.0, 15, 30),  # 14 challenged, rounded
        REGION_NW: (25.0, 15, 60),  # 16
        MET: (50.0, 15, 30),
        CUMBRIA: (None, None, 30),
        LANCASHIRE: (None, None, 30),
    }
    assert len(rows) == 43 + 10 + 1
    cells = json.loads((release / "manifest.json").read_text())["cells"]["challenge"]
    assert cells == {"published": 4, "suppressed": 50}


def test_a_challenge_rate_by_quarter_stands_in_for_months_with_too_few(settings: Settings) -> None:
    """Other people each month: 5 challenged in a month, 15 in the quarter."""
    people = []
    for number, month in enumerate(("2026-01", "2026-02", "2026-03")):
        for person in team(MET, month, 40, 20, {"DISC": 20}, challenged=5):
            people.append(replace(person, name=f"{person.name}-{number}"))
    release = released(make_marts(people), "2026-03", settings)
    shown = {
        row.period: (row.challenged, row.risky)
        for row in read_rows(release, ChallengeRow)
        if row.force_code == MET
    }
    assert shown == {
        "2026-01": (None, 20),
        "2026-02": (None, 20),
        "2026-03": (None, 20),
        "2026-Q1": (15, 60),
    }


def test_files_say_c_where_a_figure_is_withheld(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    draft = build_release(con, "2026-01", settings)
    with (draft / "trends.csv").open(newline="") as file:
        rows = {(r["force_code"], r["category"]): r for r in csv.DictReader(file)}
    withheld = ("estimate_per_1000", "low", "high", "messages", "contributors", "flagged")
    assert {rows[MERSEYSIDE, "DISC"][column] for column in withheld} == {"[c]"}
    assert rows[MET, "DISC"]["basis"] == "uncalibrated"


def test_estimates_are_made_of_published_counts_and_printed_constants(settings: Settings) -> None:
    """Anybody can make them again from the files."""
    con = make_marts(month_of_chats("2026-01"))
    draft = build_release(con, "2026-01", settings)
    manifest = json.loads((draft / "manifest.json").read_text())
    (entry,) = manifest["estimation"]
    assert (entry["release"], entry["periods"]) == ("2026-01", ["2026-01"])
    methods = {category: Method.from_dict(said) for category, said in entry["methods"].items()}
    shown = [row for row in read_rows(draft, TrendRow) if row.flagged is not None]
    assert shown
    for row in shown:
        made = methods[row.category].estimate(row.flagged, row.messages, row.contributors)
        figures = (row.estimate_per_1000, row.low, row.high)
        assert figures == tuple(round(1000 * x, 3) for x in astuple(made))
    assert manifest["basis"] == "uncalibrated"


def test_labels_calibrate_what_they_tell_of(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    add_labels(con)
    draft = build_release(con, "2026-01", settings)
    manifest = json.loads((draft / "manifest.json").read_text())
    methods = manifest["estimation"][0]["methods"]
    said = {category: method["basis"] for category, method in methods.items()}
    assert said == {
        "ANY": "calibrated", "DISC": "calibrated", "OPS": "uncalibrated", "SEXM": "uncalibrated",
    }  # fmt: skip
    assert (
        methods["DISC"]["tpr"] == 0.5
    )  # 40 judged hits stand for 80, and 18 missed, rounded to 20, for as many
    assert methods["DISC"]["fpr"] == round(40 / 440, 4)
    assert {row.category: row.basis for row in read_rows(draft, TrendRow)} == said
    assert manifest["basis"] == "partly calibrated"


def test_the_design_is_that_of_months_that_pass(settings: Settings) -> None:
    """Everybody wrote 20 messages and one flag at most; OPS is too few people's to say."""
    con = make_marts([*team(MET, "2026-01", 40, 20, {"DISC": 12, "OPS": 4})])
    draft = build_release(con, "2026-01", settings)
    (entry,) = json.loads((draft / "manifest.json").read_text())["estimation"]
    design = {
        category: (said["intra_contributor_correlation"], said["size_variation"])
        for category, said in entry["methods"].items()
    }
    assert design["DISC"] == (0.001, 1.0)
    assert design["OPS"] == design["SEXM"] == (0.05, 3.0)  # the declared defaults


def test_a_published_month_keeps_the_constants_of_its_time(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    first = released(con, "2026-01", settings)
    add_people(con, month_of_chats("2026-02"))
    second = released(con, "2026-02", settings)
    before, after = (
        json.loads((folder / "manifest.json").read_text())["estimation"]
        for folder in (first, second)
    )
    assert after[:1] == before
    assert (after[1]["release"], after[1]["periods"]) == ("2026-02", ["2026-02"])


def test_the_manifest_accounts_for_everything(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    release = released(con, "2026-01", settings)
    manifest = json.loads((release / "manifest.json").read_text())
    trends = read_rows(release, TrendRow)
    assert manifest["cells"]["trends"]["published"] == sum(
        row.estimate_per_1000 is not None for row in trends
    )
    assert sum(manifest["cells"]["trends"].values()) == len(trends)
    assert sum(manifest["cells"]["habits"].values()) == len(read_rows(release, HabitRow))
    ledger = manifest["ledger"]
    assert (ledger["messages_in_marts"], ledger["messages_withheld"]) == (1600, 0)
    assert ledger["messages_in_force_figures"] == 1080
    assert ledger["messages_in_national_figures_only"] == 520
    fallbacks = manifest["fallbacks"]
    # of two forces: three categories and the challenge rate, which has none to merge into
    assert (fallbacks["cells"], fallbacks["published"], fallbacks["merged"]) == (8, 2, 4)
    assert manifest["approval"]["policy"] == "none"


# people, messages each, month, what the release of 2026-01 says of them
UNCLASSIFIED = """
12  10  2026-01  120
12  9   2026-01  110
9   20  2026-01  [c]
12  5   2026-01  [c]
12  10  2026-02  [c]
0   0   2026-01  [c]
"""


@pytest.mark.parametrize("case", UNCLASSIFIED.strip().splitlines())
def test_the_unclassified_are_said_where_enough_people_wrote_them(
    settings: Settings, case: str
) -> None:
    people, each, month, said = case.split()
    con = make_marts(month_of_chats("2026-01"))
    for n in range(int(people)):
        keys = [f"p{n}".encode(), f"p{n}".encode(), f"chat{n % 3}".encode()]
        con.execute(
            "INSERT INTO mart.unclassified_contribution VALUES (?, ?, ?, ?, ?, 'unprocessed', ?)",
            [*keys, MET, f"{month}-01", int(each)],
        )
    draft = build_release(con, "2026-01", settings)
    ledger = json.loads((draft / "manifest.json").read_text())["ledger"]
    assert str(ledger["messages_not_classified"]) == said
    assert ledger["messages_in_marts"] == 1600


def test_the_exact_ledger_stays_with_the_operator(settings: Settings) -> None:
    con = make_marts([*month_of_chats("2026-01"), *month_of_chats("2026-02")])
    release = released(con, "2026-01", settings)
    assert kept_ledger("2026-01", settings) == ReleaseLedger(
        messages=3200,
        earlier_months=0,
        in_force_figures=1080,
        in_region_figures_only=520,
        in_national_figures_only=0,
        withheld=0,
        later_months=1600,
    )
    kept = list((settings.home / "ledgers").iterdir())
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
    assert not list(release.rglob("*ledger*"))


def test_drafting_a_published_month_again_keeps_what_it_was_made_with(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    released(con, "2026-01", settings)
    kept = {path: path.read_bytes() for path in (settings.home / "ledgers").iterdir()}
    assert len(kept) == 3  # the ledger, the audit's notes and the sums
    add_people(con, [Person(MERSEYSIDE, "2026-01", f"late-{n}", 20, {}, n % 5) for n in range(30)])
    build_release(con, "2026-01", settings)
    assert {path: path.read_bytes() for path in kept} == kept


def test_a_draft_that_fails_changes_nothing_of_the_release_that_waits(settings: Settings) -> None:
    """Merseyside grows after January is made, so its notes and ledger would be others."""
    waits = settings.model_copy(update={"approval": Approval.TWO_PEOPLE})
    con = make_marts(month_of_chats("2026-01"))
    waiting = released(con, "2026-01", waits)
    assert waiting.parent == settings.pending
    kept = {path: path.read_bytes() for path in (settings.home / "ledgers").iterdir()}
    names = {"audit-2026-01.json", "release-2026-01.json", "sums-2026-01.json"}
    assert {path.name for path in kept} == names
    add_people(con, [Person(MERSEYSIDE, "2026-01", f"late-{n}", 20, {}, n % 5) for n in range(30)])
    unattacked = build_release(con, "2026-01", waits)
    with pytest.raises(GateError, match="audit passed"):
        publish(unattacked, waits)
    assert {path: path.read_bytes() for path in kept} == kept
    released(con, "2026-01", waits)
    assert kept_ledger("2026-01", settings).messages == 1600 + 30 * 20
    assert set((settings.home / "ledgers").iterdir()) == set(kept)
    assert all(path.read_bytes() != kept[path] for path in kept)


@pytest.mark.parametrize("approval", [Approval.NONE, Approval.TWO_PEOPLE])
def test_a_run_stopped_before_the_move_keeps_its_notes_when_made_again(
    settings: Settings, approval: Approval
) -> None:
    chosen = settings.model_copy(update={"approval": approval})
    draft = audited(make_marts(month_of_chats("2026-01")), "2026-01", chosen)
    notes = enclave.of_draft(Kept.NOTES, "2026-01", chosen)
    enclave.hand_on("2026-01", chosen)
    publish(draft, chosen)
    assert enclave.of_release(Kept.NOTES, "2026-01", chosen) == notes
    assert {path.name for path in (settings.home / "ledgers").iterdir()} == {
        "audit-2026-01.json",
        "release-2026-01.json",
        "sums-2026-01.json",
    }


def test_the_same_draft_again_keeps_what_the_waiting_release_was_made_with(
    settings: Settings,
) -> None:
    waits = settings.model_copy(update={"approval": Approval.TWO_PEOPLE})
    con = make_marts(month_of_chats("2026-01"))
    waiting = released(con, "2026-01", waits)
    kept = {path: path.read_bytes() for path in (settings.home / "ledgers").iterdir()}
    assert released(con, "2026-01", waits) == waiting
    assert {path: path.read_bytes() for path in (settings.home / "ledgers").iterdir()} == kept


def test_where_the_national_figure_is_withheld_the_ledger_says_nothing(settings: Settings) -> None:
    """One failing force and one passing: any national figure would give the failing one away."""
    people = [*team(MET, "2026-01", 30, 20), *team(CUMBRIA, "2026-01", 1, 25)]
    release = released(make_marts(people), "2026-01", settings)
    ledger = json.loads((release / "manifest.json").read_text())["ledger"]
    assert (ledger["messages_in_marts"], ledger["messages_withheld"]) == ("[c]", "[c]")
    assert "625" not in (release / "trends.csv").read_text()


def test_what_else_lies_among_the_releases_is_no_month(settings: Settings) -> None:
    for name in ("latest", "2026-13", "2026-Q1", "2026-02"):
        (settings.releases / name).mkdir(parents=True)
    assert published_months(settings) == ["2026-02"]


def test_published_months_are_copied_whatever_arrives_later(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    first = released(con, "2026-01", settings)
    late = [Person(MERSEYSIDE, "2026-01", f"late-{n}", 20, {"DISC": 2}, n % 5) for n in range(30)]
    add_people(con, [*late, *month_of_chats("2026-02")])
    second = released(con, "2026-02", settings)
    for name in ("trends.csv", "habits.csv", "challenge.csv"):
        assert (second / name).read_text().startswith((first / name).read_text())
    periods = {row.period for row in read_rows(second, TrendRow)}
    assert periods == {"2026-01", "2026-02"}
    manifest = json.loads((second / "manifest.json").read_text())
    assert manifest["months_added"] == ["2026-02"]
    (previous,) = manifest["previous"]
    assert previous["release"] == "2026-01"
    assert previous["sha256"] == sha256(first / "SHA256SUMS")


def test_a_gap_between_releases_is_filled(settings: Settings) -> None:
    con = make_marts([p for n in (1, 2, 4) for p in month_of_chats(f"2026-0{n}")])
    released(con, "2026-01", settings)
    last = released(con, "2026-04", settings)
    assert json.loads((last / "manifest.json").read_text())["months_added"] == [
        "2026-02",
        "2026-03",
        "2026-04",
    ]


def test_the_first_release_starts_at_the_first_figure(settings: Settings) -> None:
    con = make_marts([*team(MET, "2025-11", 3, 20), *month_of_chats("2026-01")])
    draft = build_release(con, "2026-01", settings)
    assert {row.period for row in read_rows(draft, TrendRow)} == {"2026-01"}


def test_publishing_the_same_again_changes_nothing(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    first = released(con, "2026-01", settings)
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    assert released(con, "2026-01", settings) == first
    assert {path: path.read_bytes() for path in first.rglob("*") if path.is_file()} == before
    assert [path.name for path in settings.releases.iterdir()] == ["2026-01"]


def test_a_draft_that_was_not_attacked_is_not_published(settings: Settings) -> None:
    draft = build_release(make_marts(month_of_chats("2026-01")), "2026-01", settings)
    with pytest.raises(GateError, match="does not say that the disclosure audit passed") as refused:
        publish(draft, settings)
    assert refused.value.exit_code == 4
    assert published_months(settings) == []


def test_a_draft_whose_audit_failed_is_not_published(settings: Settings) -> None:
    """Lancashire, withheld to hide Merseyside, is put back: the audit finds it."""
    con = make_marts(month_of_chats("2026-01"))
    draft = build_release(con, "2026-01", settings)
    rows = read_rows(draft, TrendRow)
    there = next(r for r in rows if (r.force_code, r.category) == (LANCASHIRE, "ANY"))
    put_back = replace(there, messages=400, contributors=20)
    write_rows(draft, TrendRow, [put_back if row is there else row for row in rows])
    with pytest.raises(GateError, match=f"{MERSEYSIDE} 2026-01 messages"):
        audit_draft(draft, con, settings)
    with pytest.raises(GateError, match="does not say that the disclosure audit passed"):
        publish(draft, settings)
    assert published_months(settings) == []


@pytest.mark.parametrize(
    "name", ["trends.csv", "habits.csv", "challenge.csv", "impact.csv", "effects.csv"]
)
def test_figures_changed_after_the_audit_are_not_published(settings: Settings, name: str) -> None:
    draft = audited(make_marts(month_of_chats("2026-01")), "2026-01", settings)
    with (draft / name).open("a") as file:
        file.write("2026-01\n")
    with pytest.raises(GateError, match="figures are not those that the disclosure audit passed"):
        publish(draft, settings)
    assert published_months(settings) == []


def test_a_published_month_is_not_replaced(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    first = released(con, "2026-01", settings)
    before = (first / "trends.csv").read_bytes()
    add_people(con, team(LANCASHIRE, "2026-01", 40, 30))
    draft = audited(con, "2026-01", settings)
    with pytest.raises(CallerError, match="2026-01 is published and frozen"):
        publish(draft, settings)
    assert (first / "trends.csv").read_bytes() == before


def test_an_earlier_month_is_refused(settings: Settings) -> None:
    con = make_marts([*month_of_chats("2026-01"), *month_of_chats("2026-02")])
    released(con, "2026-02", settings)
    with pytest.raises(CallerError, match="2026-01 cannot be reported after 2026-02"):
        build_release(con, "2026-01", settings)


@pytest.mark.parametrize(
    ("drafted", "meanwhile", "problem"),
    [
        ("2026-02", "2026-01", "does not follow the releases that are published now"),
        ("2026-01", "2026-02", "not later than every published month"),
    ],
)
def test_a_draft_is_not_published_after_a_release_it_does_not_know(
    settings: Settings, drafted: str, meanwhile: str, problem: str
) -> None:
    con = make_marts([*month_of_chats("2026-01"), *month_of_chats("2026-02")])
    draft = audited(con, drafted, settings)
    released(con, meanwhile, settings)
    with pytest.raises(GateError, match=problem):
        publish(draft, settings)
    assert published_months(settings) == [meanwhile]


def test_with_no_message_there_is_nothing_to_report(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-02"))
    with pytest.raises(CallerError, match="Nothing to report for 2026-01"):
        build_release(con, "2026-01", settings)
    assert not settings.releases.exists()


def test_a_refused_release_leaves_nothing(settings: Settings) -> None:
    """A force that no seed names: its messages would be in no figure and no count."""
    con = make_marts([*month_of_chats("2026-01"), *team("E99", "2026-01", 20, 20)])
    with pytest.raises(GateError, match="Release ledger"):
        build_release(con, "2026-01", settings)
    assert not settings.releases.exists()


def test_where_suppression_does_not_settle_the_month_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hiding Merseyside takes a second look at what subtraction leaves; only one is allowed."""
    monkeypatch.setattr(disclosure, "SETTLE_ROUNDS", 1)
    con = make_marts(month_of_chats("2026-01"))
    with pytest.raises(GateError, match="no safe choice of messages for 2026-01 to 2026-01 in 1"):
        build_release(con, "2026-01", settings)
    assert not settings.releases.exists()


def test_a_draft_is_not_a_release_and_an_interrupted_one_is_replaced(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    draft = build_release(con, "2026-01", settings)
    (draft / "half-written.csv").write_text("period")
    assert not (settings.releases / "2026-01").exists()
    release = released(con, "2026-01", settings)
    assert not (release / "half-written.csv").exists()


def test_checksums_cover_every_file(settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    draft = audited(con, "2026-01", settings)
    (draft / "site").mkdir()
    (draft / "site" / "index.html").write_text("<p>A page</p>")
    release = publish(draft, settings)
    checked = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=release, capture_output=True, text=True
    )
    assert checked.returncode == 0
    assert "site/index.html: OK" in checked.stdout
    files = [path for path in release.rglob("*") if path.is_file()]
    assert len(checked.stdout.splitlines()) == len(files) - 1
