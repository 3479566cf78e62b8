"""Two invented approvers and a small collection whose releases they approve."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from pipelines.release.approve import Standing, approve
from pipelines.release.approvers import enrol, make_approval_key
from pipelines.settings import Approval, Settings
from tests.marts import make_marts, team
from tests.releases import released

OFFICER, ANALYST = "data-protection-officer", "lead-analyst"
TODAY = date(2026, 3, 2)
MONTHS = ("2026-01", "2026-02")


def governed(home: Path) -> Settings:
    """Settings that ask for two people, who are enrolled."""
    settings = Settings(home=home / "home", approval=Approval.TWO_PEOPLE)
    for role in (OFFICER, ANALYST):
        enrol(settings.keys, role, make_approval_key(key_of(role, settings)), "")
    return settings


def key_of(role: str, settings: Settings) -> Path:
    """The approver's own key file, outside the collection's home."""
    return settings.home.parent / "approvers" / f"{role}.key"


def marts() -> duckdb.DuckDBPyConnection:
    """Two forces in two months."""
    people = [
        person
        for month in MONTHS
        for force, size in (("E23000001", 30), ("E23000002", 24))
        for person in team(force, month, size, 20, {"DISC": 12})
    ]
    return make_marts(people)


def make(month: str, settings: Settings) -> Path:
    """Make the release of ``month`` and hand it on: where it is then."""
    return released(marts(), month, settings)


def approved_by(role: str, month: str, settings: Settings) -> Standing:
    """Let one of the two approve."""
    return approve(month, role, key_of(role, settings), settings, TODAY)


def release(month: str, settings: Settings) -> Path:
    """A published release that both approved."""
    make(month, settings)
    return approve_both(month, settings)


def approve_both(month: str, settings: Settings) -> Path:
    """Let both approve a release that waits, which publishes it: where it is then."""
    approved_by(OFFICER, month, settings)
    return approved_by(ANALYST, month, settings).folder
