"""What the operator keeps of a release, and which release it is of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.errors import GateError
from pipelines.release import enclave
from pipelines.release.build import build_release
from pipelines.release.enclave import Kept
from pipelines.release.ledger import ReleaseLedger, kept_ledger
from pipelines.release.publish import publish
from pipelines.settings import Approval, Settings
from tests.marts import Person, add_people, make_marts, team
from tests.releases import (
    CUMBRIA,
    MERSEYSIDE,
    MET,
    audited,
    month_of_chats,
    released,
)


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


def test_drafting_a_published_month_again_keeps_what_it_was_made_with(
    january: Path, settings: Settings
) -> None:
    con = make_marts(month_of_chats("2026-01"))
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
