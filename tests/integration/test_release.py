"""A month's release as published: what its files say and what they withhold."""

from __future__ import annotations

import csv
import json
from dataclasses import astuple, replace
from pathlib import Path

import duckdb
import pytest

from pipelines.prevalence.method import Method
from pipelines.release.build import build_release
from pipelines.release.places import NATIONAL
from pipelines.release.rows import ChallengeRow, HabitRow, TrendRow, read_rows
from pipelines.release.unclassified import not_classified
from pipelines.settings import Settings
from tests.marts import add_labels, make_marts, team
from tests.releases import (
    CUMBRIA,
    LANCASHIRE,
    LONDON,
    MERSEYSIDE,
    MET,
    NORTH_WEST,
    month_of_chats,
    released,
)


def test_a_month_as_published(january: Path) -> None:
    """Merseyside fails; Lancashire goes with it, or subtraction would find Merseyside.

    London is the Met alone, and everybody knows.
    """
    shown = {
        (row.force_code, row.category): (row.flagged, row.messages, row.contributors)
        for row in read_rows(january, TrendRow)
    }
    assert {key: shown[key] for key in shown if key[1] == "DISC" and any(shown[key])} == {
        #               flagged, messages, people
        (NATIONAL, "DISC"): (35, 1600, 80),  # 36 flagged, rounded
        (LONDON, "DISC"): (10, 600, 30),
        (NORTH_WEST, "DISC"): (25, 1000, 50),  # 24 flagged
        (MET, "DISC"): (10, 600, 30),  # 12 flagged
        (CUMBRIA, "DISC"): (10, 480, 25),
    }
    assert shown[MET, "OPS"] == (None, 600, 30), "4 people flagged: rate withheld, messages not"
    assert shown[MET, "SEXM"] == (None, 600, 30), "zero is withheld as 1 to 9 people would be"
    assert shown[MET, "ANY"] == (10, 600, 30), "and all risky content stands in for both"
    assert len(read_rows(january, TrendRow)) == (43 + 10 + 1) * 4


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
        NORTH_WEST: (25.0, 15, 60),  # 16
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


def test_files_say_c_where_a_figure_is_withheld(january: Path) -> None:
    with (january / "trends.csv").open(newline="") as file:
        rows = {(r["force_code"], r["category"]): r for r in csv.DictReader(file)}
    withheld = ("estimate_per_1000", "low", "high", "messages", "contributors", "flagged")
    assert {rows[MERSEYSIDE, "DISC"][column] for column in withheld} == {"[c]"}
    assert rows[MET, "DISC"]["basis"] == "uncalibrated"


def test_estimates_are_made_of_published_counts_and_printed_constants(january: Path) -> None:
    """Anybody can make them again from the files."""
    manifest = json.loads((january / "manifest.json").read_text())
    (entry,) = manifest["estimation"]
    assert (entry["release"], entry["periods"]) == ("2026-01", ["2026-01"])
    methods = {category: Method.from_dict(said) for category, said in entry["methods"].items()}
    shown = [row for row in read_rows(january, TrendRow) if row.flagged is not None]
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


def test_a_published_month_keeps_the_constants_of_its_time(
    january: Path, settings: Settings
) -> None:
    con = make_marts([*month_of_chats("2026-01"), *month_of_chats("2026-02")])
    second = released(con, "2026-02", settings)
    before, after = (
        json.loads((folder / "manifest.json").read_text())["estimation"]
        for folder in (january, second)
    )
    assert after[:1] == before
    assert (after[1]["release"], after[1]["periods"]) == ("2026-02", ["2026-02"])


def test_the_manifest_accounts_for_everything(january: Path) -> None:
    manifest = json.loads((january / "manifest.json").read_text())
    trends = read_rows(january, TrendRow)
    assert manifest["cells"]["trends"]["published"] == sum(
        row.estimate_per_1000 is not None for row in trends
    )
    assert sum(manifest["cells"]["trends"].values()) == len(trends)
    assert sum(manifest["cells"]["habits"].values()) == len(read_rows(january, HabitRow))
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
def test_the_unclassified_are_said_where_enough_people_wrote_them(case: str) -> None:
    people, each, month, said = case.split()
    con = make_marts([])
    add_unclassified(con, int(people), f"{month}-01", int(each))
    assert str(not_classified(con, ["2026-01"])) == said


def test_the_manifest_says_how_many_are_unclassified_beside_those_that_are(
    settings: Settings,
) -> None:
    con = make_marts(month_of_chats("2026-01"))
    add_unclassified(con, 12, "2026-01-01", 10)
    draft = build_release(con, "2026-01", settings)
    ledger = json.loads((draft / "manifest.json").read_text())["ledger"]
    assert (ledger["messages_not_classified"], ledger["messages_in_marts"]) == (120, 1600)


def add_unclassified(
    con: duckdb.DuckDBPyConnection, people: int, month: str, messages: int
) -> None:
    """``people`` of the Met with ``messages`` each that were not classified."""
    for n in range(people):
        keys = [f"p{n}".encode(), f"p{n}".encode(), f"chat{n % 3}".encode()]
        con.execute(
            "INSERT INTO mart.unclassified_contribution VALUES (?, ?, ?, ?, ?, 'unprocessed', ?)",
            [*keys, MET, month, messages],
        )
