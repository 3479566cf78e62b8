"""Published months stay as they are: later releases copy them and only add."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.errors import CallerError
from pipelines.release.build import build_release
from pipelines.release.files import sha256
from pipelines.release.publish import publish, published_months
from pipelines.release.rows import TrendRow, read_rows
from pipelines.settings import Settings
from tests.marts import Person, add_people, make_marts, team
from tests.releases import (
    LANCASHIRE,
    MERSEYSIDE,
    MET,
    audited,
    month_of_chats,
    released,
)


def test_what_else_lies_among_the_releases_is_no_month(settings: Settings) -> None:
    for name in ("latest", "2026-13", "2026-Q1", "2026-02"):
        (settings.releases / name).mkdir(parents=True)
    assert published_months(settings) == ["2026-02"]


def test_published_months_are_copied_whatever_arrives_later(
    january: Path, settings: Settings
) -> None:
    con = make_marts(month_of_chats("2026-01"))
    late = [Person(MERSEYSIDE, "2026-01", f"late-{n}", 20, {"DISC": 2}, n % 5) for n in range(30)]
    add_people(con, [*late, *month_of_chats("2026-02")])
    second = released(con, "2026-02", settings)
    for name in ("trends.csv", "habits.csv", "challenge.csv"):
        assert (second / name).read_text().startswith((january / name).read_text())
    periods = {row.period for row in read_rows(second, TrendRow)}
    assert periods == {"2026-01", "2026-02"}
    manifest = json.loads((second / "manifest.json").read_text())
    assert manifest["months_added"] == ["2026-02"]
    (previous,) = manifest["previous"]
    assert previous["release"] == "2026-01"
    assert previous["sha256"] == sha256(january / "SHA256SUMS")


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


def test_publishing_the_same_again_changes_nothing(january: Path, settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    before = {path: path.read_bytes() for path in january.rglob("*") if path.is_file()}
    assert released(con, "2026-01", settings) == january
    assert {path: path.read_bytes() for path in january.rglob("*") if path.is_file()} == before
    assert [path.name for path in settings.releases.iterdir()] == ["2026-01"]


def test_a_published_month_is_not_replaced(january: Path, settings: Settings) -> None:
    con = make_marts(month_of_chats("2026-01"))
    before = (january / "trends.csv").read_bytes()
    add_people(con, team(LANCASHIRE, "2026-01", 40, 30))
    draft = audited(con, "2026-01", settings)
    with pytest.raises(CallerError, match="2026-01 is published and frozen"):
        publish(draft, settings)
    assert (january / "trends.csv").read_bytes() == before


def test_an_earlier_month_is_refused(settings: Settings) -> None:
    con = make_marts([*month_of_chats("2026-01"), *month_of_chats("2026-02")])
    released(con, "2026-02", settings)
    with pytest.raises(CallerError, match="2026-01 cannot be reported after 2026-02"):
        build_release(con, "2026-01", settings)
