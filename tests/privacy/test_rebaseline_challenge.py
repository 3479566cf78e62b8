"""The re-baseline where challenge rates are out: counted anew with the rest, attacked in both."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import GateError
from pipelines.keys import generate_keys
from pipelines.release.audit.attack import Attack
from pipelines.release.audit.generations import Generation, joint_worlds
from pipelines.release.audit.notes import AuditNotes, Restated
from pipelines.release.audit.run import audit_published
from pipelines.release.cells import ANY_RISK, CHALLENGE
from pipelines.release.places import NATIONAL, Places
from pipelines.release.publish import publish
from pipelines.release.rows import ChallengeRow, TrendRow, read_rows, write_rows
from pipelines.settings import Settings
from tests.marts import Person, make_marts, team
from tests.releases import audited

MET, CUMBRIA, LANCASHIRE = "E23000001", "E23000002", "E23000003"
LONDON = "E12000007"
DECEMBER, JANUARY = "2025-12", "2026-01"


def month_of_answers(month: str) -> list[Person]:
    """Three of Cumbria's were challenged, too few: Lancashire's rate is withheld to hide them."""
    return [
        *team(MET, month, 40, 20, {"DISC": 30}, challenged=14),
        *team(CUMBRIA, month, 40, 20, {"DISC": 30}, challenged=3),
        *team(LANCASHIRE, month, 40, 20, {"DISC": 30}, challenged=13),
    ]


def late(people: int, challenged: int) -> list[Person]:
    """Volunteers of the Met's December, flagged once each, who turn up once it is published."""
    found = team(MET, DECEMBER, people, 20, {"DISC": people}, challenged=challenged)
    return [replace(p, name=f"late-{p.name}") for p in found]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(home=tmp_path_factory.mktemp("published"))
    generate_keys(settings.keys)
    publish(audited(make_marts(month_of_answers(DECEMBER)), DECEMBER, settings), settings)
    return settings.home


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    """A collection whose December is published, challenge rates with it."""
    return Settings(home=shutil.copytree(published, tmp_path / "home"))


def restate(come: Sequence[Person], settings: Settings) -> dict[str, ChallengeRow]:
    """January's release, which makes the re-baseline; December's challenge rates, by place."""
    people = [*month_of_answers(DECEMBER), *come, *month_of_answers(JANUARY)]
    con = make_marts(people)
    folder = publish(audited(con, JANUARY, settings, anew=True), settings)
    assert audit_published(None, con, settings, print).insider_views > 0
    rows = read_rows(folder, ChallengeRow)
    return {row.force_code: row for row in rows if row.period == DECEMBER}


def test_twelve_who_were_challenged_change_the_rates_they_are_part_of(settings: Settings) -> None:
    before = read_rows(settings.releases / DECEMBER, ChallengeRow)
    after = restate(late(12, challenged=12), settings)
    changed = {row.force_code for row in before if after[row.force_code] != row}
    assert changed == {MET, LONDON, NATIONAL}
    met = after[MET]
    assert (met.challenged, met.risky) == (25, 40)  # 14 and 12; 30 and 12
    assert met.share == 62.5
    assert after[CUMBRIA].challenged is after[LANCASHIRE].challenged is None


@pytest.mark.parametrize("challenged", [5, 9])
def test_where_fewer_than_ten_more_were_challenged_or_not_everything_stays(
    settings: Settings, challenged: int
) -> None:
    """Fourteen come, of whom five or nine were challenged, and nine or five were not."""
    before = read_rows(settings.releases / DECEMBER, ChallengeRow)
    after = restate(late(14, challenged), settings)
    assert {row.force_code: row for row in before} == after


def test_a_rate_that_tells_another_is_found_in_both_tables(settings: Settings) -> None:
    """The planted secret: Lancashire's rate, which passes by itself, in either release."""
    restate(late(12, challenged=12), settings)
    for month in (DECEMBER, JANUARY):
        rows = [
            replace(row, share=50.0, low=30.0, high=70.0, challenged=15)
            if row.force_code == LANCASHIRE and row.period == DECEMBER
            else row
            for row in read_rows(settings.releases / month, ChallengeRow)
        ]
        write_rows(settings.releases / month, ChallengeRow, rows)
    (settings.keys / "data.key").unlink()  # whoever has the files alone
    with pytest.raises(GateError, match=f"{CUMBRIA} {DECEMBER} CHAL challenged"):
        audit_published(None, None, settings, print)


#         messages people risky challenged
BEFORE = """
    A      900      50      100   40
    B      900      50      60    [c]
    C      900      50      10    [c]
    R1     2700     150     170   75
"""
"""B and C have 31 to 39 challenged together, and C at most 12: B has 19 to 39."""
AFTER = """
    A      1200     70      120   60
    B      900      50      60    [c]
    C      900      50      10    [c]
    R1     3000     170     190   90
"""
"""B and C have 26 to 34 together: B has 14 to 34. Of both tables, 19 to 34: too close for 34."""


def generation(release: str, table: str) -> Generation:
    trends, challenge = [], []
    for line in table.strip().splitlines():
        place, messages, people, risky, challenged = line.split()
        for category in (ANY_RISK, "DISC", "OPS"):
            flagged = int(risky) if category == ANY_RISK else None
            trends.append(
                TrendRow(
                    DECEMBER,
                    place,
                    category,
                    *(None, None, None),
                    int(messages),
                    int(people),
                    "uncalibrated",
                    flagged,
                )
            )
        told = None if challenged == "[c]" else int(challenged)
        challenge.append(
            ChallengeRow(DECEMBER, place, None, None, None, int(risky), "uncalibrated", told)
        )
    return Generation(release, trends, [], challenge)


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ([("", BEFORE)], []),
        ([("", AFTER)], []),
        (
            [("", BEFORE), (JANUARY, AFTER)],
            [("B", "challenged", 19, 34), ("B", "unchallenged", 24, 43)],
        ),
    ],
)
def test_two_roundings_of_what_was_not_counted_anew_count_against_it(
    tables: list[tuple[str, str]], told: list[tuple[str, str, int, int]]
) -> None:
    """A alone was counted anew, so what B and C have is the same in both tables."""
    places = Places({"A": "R1", "B": "R1", "C": "R1"})
    moved = Restated(frozenset({(DECEMBER, "A")}), frozenset())
    notes = AuditNotes({DECEMBER: frozenset("ABC")}, frozenset(), {JANUARY: moved})
    (world,) = joint_worlds([generation(*table) for table in tables], places, notes)
    exposed = Attack(world, places, notes).run().exposed
    found = [
        (e.key.cell.place, e.key.value, round(e.low), round(e.high))
        for e in exposed
        if e.key.split == CHALLENGE
    ]
    assert found == told
