"""What is drafted and what is published: whole, audited, in order, or not at all."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import CallerError, GateError
from pipelines.release import disclosure
from pipelines.release.audit.run import audit_draft
from pipelines.release.build import build_release
from pipelines.release.publish import publish, published_months
from pipelines.release.rows import TrendRow, read_rows, write_rows
from pipelines.settings import Settings
from tests.marts import make_marts, team
from tests.releases import (
    LANCASHIRE,
    MERSEYSIDE,
    audited,
    month_of_chats,
    released,
)


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
def test_figures_changed_after_the_audit_are_not_published(
    january_draft: Path, settings: Settings, name: str
) -> None:
    with (january_draft / name).open("a") as file:
        file.write("2026-01\n")
    with pytest.raises(GateError, match="figures are not those that the disclosure audit passed"):
        publish(january_draft, settings)
    assert published_months(settings) == []


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


def test_checksums_cover_every_file(january_draft: Path, settings: Settings) -> None:
    (january_draft / "site").mkdir()
    (january_draft / "site" / "index.html").write_text("<p>A page</p>")
    release = publish(january_draft, settings)
    checked = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=release, capture_output=True, text=True
    )
    assert checked.returncode == 0
    assert "site/index.html: OK" in checked.stdout
    files = [path for path in release.rglob("*") if path.is_file()]
    assert len(checked.stdout.splitlines()) == len(files) - 1
