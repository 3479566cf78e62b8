"""What is in quarantine is listed, and tried again after an upgrade, through the real commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import CallerError, Reason
from pipelines.intake.inbox import pending, quarantine
from pipelines.intake.manifest import Consent, ConsentScope
from pipelines.intake.submit import submit
from pipelines.keys import generate_keys
from pipelines.settings import Settings

CHAT = "16/03/2022, 15:20 - Ann Lee: late shift again\n"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("CANDOUR_HOME", str(tmp_path / "home"))
    generate_keys(Settings().keys)
    return Settings()


def refuse(contributor: str, reason: Reason, settings: Settings, tmp_path: Path) -> str:
    """Submit an export and put it in quarantine; its id."""
    export = tmp_path / "chat.txt"
    export.write_text(CHAT)
    consent = Consent.from_form(
        version="1.0", given_on="2026-01-31", scope=ConsentScope.OWN_MESSAGES
    )
    receipt = submit(
        export,
        force="kent",
        contributor=contributor,
        consent=consent,
        volunteer_name="Ann Lee",
        settings=settings,
    )
    quarantine(settings.inbox / receipt.submission_id, reason, settings, {"lines_in": 1})
    return receipt.submission_id


def candour(*arguments: str) -> Any:
    done = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    return json.loads(done.stdout)


def test_status_lists_each_with_its_reason_and_counts(settings: Settings, tmp_path: Path) -> None:
    name = refuse("C0001", Reason.NOT_A_CHAT, settings, tmp_path)

    (kept,) = candour("status")["quarantine"]
    sealed = (settings.quarantine / name / "export.age").stat().st_size
    assert (kept["submission_id"], kept["reason"]) == (name, "not_a_chat")
    assert kept["counts"] == {"sealed_bytes": sealed, "lines_in": 1}
    shown = CliRunner().invoke(app, ["status"]).stderr
    assert "not_a_chat" in shown and "Ann" not in shown


def test_all_go_back_to_the_inbox(settings: Settings, tmp_path: Path) -> None:
    for contributor, reason in (
        ("C0001", Reason.NOT_A_CHAT),
        ("C0002", Reason.NOT_A_CHAT),
        ("C0003", Reason.TIMED_OUT),
    ):
        refuse(contributor, reason, settings, tmp_path)

    assert candour("requeue") == {"requeued": 3, "reasons": {"not_a_chat": 2, "timed_out": 1}}
    assert len(pending(settings)) == 3
    assert candour("status")["quarantine"] == []
    assert candour("requeue") == {"requeued": 0, "reasons": {}}


def test_one_goes_back_by_its_id(settings: Settings, tmp_path: Path) -> None:
    first = refuse("C0001", Reason.NOT_A_CHAT, settings, tmp_path)
    second = refuse("C0002", Reason.NOT_A_CHAT, settings, tmp_path)

    assert candour("requeue", second)["requeued"] == 1
    assert [kept["submission_id"] for kept in candour("status")["quarantine"]] == [first]


def test_one_that_is_not_there_is_the_callers_mistake(settings: Settings) -> None:
    with pytest.raises(CallerError, match="candour status"):
        candour("requeue", "0b8e9f0a-6f0e-4bb0-9f5e-1d5f3b6f7a11")
