"""Two different people, exactly these bytes, one rename: what approval asks and refuses."""

from __future__ import annotations

import json
import shutil
import stat
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from pipelines.errors import CallerError, GateError
from pipelines.release.approval import read_approval, sign, write_approval
from pipelines.release.approve import approve
from pipelines.release.approvers import (
    Approver,
    enrol,
    load_approval_key,
    make_approval_key,
    read_approvers,
)
from pipelines.release.audit.run import audit_published
from pipelines.release.files import write_checksums
from pipelines.release.publish import (
    figures_sha256,
    pending_months,
    publish,
    published_months,
)
from pipelines.release.rows import TrendRow, read_rows, write_rows
from pipelines.release.seal import seal
from pipelines.release.verify import verify
from pipelines.settings import Approval, Settings
from tests.approvers import (
    ANALYST,
    MONTHS,
    OFFICER,
    TODAY,
    approve_both,
    approved_by,
    governed,
    key_of,
    make,
    marts,
    release,
)
from tests.marts import make_marts, team
from tests.releases import audited, released

JANUARY, FEBRUARY = MONTHS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return governed(tmp_path)


@pytest.fixture(scope="module")
def waits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("waits")
    make(JANUARY, governed(folder))
    return folder


@pytest.fixture
def waiting(waits: Path, settings: Settings) -> Path:
    """January, made and waiting for both, in the collection of ``settings``."""
    shutil.copytree(waits, settings.home.parent, dirs_exist_ok=True)
    return settings.pending / JANUARY


def test_approval_is_needed_unless_settings_say_otherwise() -> None:
    assert Settings.model_fields["approval"].default is Approval.TWO_PEOPLE


def test_a_release_waits_and_the_second_person_publishes_it(
    waiting: Path, settings: Settings
) -> None:
    made = {p.relative_to(waiting): p.read_bytes() for p in waiting.rglob("*") if p.is_file()}
    assert (published_months(settings), pending_months(settings)) == ([], [JANUARY])
    first = approved_by(OFFICER, JANUARY, settings)
    assert (first.published, first.approved_by) == (False, (OFFICER,))
    assert published_months(settings) == []
    second = approved_by(ANALYST, JANUARY, settings)
    assert (second.published, second.approved_by) == (True, (OFFICER, ANALYST))
    assert (published_months(settings), pending_months(settings)) == ([JANUARY], [])
    assert {name: (second.folder / name).read_bytes() for name in made} == made
    assert {p.name for p in (second.folder / "approvals").iterdir()} == {
        f"{OFFICER}.json",
        f"{ANALYST}.json",
    }


def test_an_approval_names_the_role_the_bytes_and_no_person(
    waiting: Path, settings: Settings
) -> None:
    published = approve_both(JANUARY, settings)
    said = json.loads((published / "approvals" / f"{OFFICER}.json").read_text())
    assert set(said) == {"statement", "public_key", "signature"}
    assert said["statement"].keys() == {"release", "role", "sums_sha256", "approved_on"}
    assert said["statement"]["approved_on"] == "2026-03-02"


def test_the_manifest_says_how_it_had_to_be_approved(waiting: Path, settings: Settings) -> None:
    approval = json.loads((approve_both(JANUARY, settings) / "manifest.json").read_text())[
        "approval"
    ]
    assert approval["policy"] == "two_people"


def test_the_same_role_cannot_be_both(waiting: Path, settings: Settings) -> None:
    approved_by(OFFICER, JANUARY, settings)
    with pytest.raises(CallerError, match=f"{OFFICER} has approved this release"):
        approved_by(OFFICER, JANUARY, settings)
    assert published_months(settings) == []


def test_the_same_key_cannot_be_both(waiting: Path, settings: Settings) -> None:
    """Enrolment refuses it; so does approval, should the list of approvers say otherwise."""
    officer, analyst = read_approvers(settings.keys)
    with pytest.raises(CallerError, match="enrolled already"):
        enrol(settings.keys, "second-role", officer.public_key, "")
    both = [asdict(officer), asdict(Approver(analyst.role, officer.public_key))]
    (settings.keys / "approvers.json").write_text(json.dumps(both))
    approved_by(OFFICER, JANUARY, settings)
    with pytest.raises(CallerError, match="somebody else must be the second"):
        approve(JANUARY, ANALYST, key_of(OFFICER, settings), settings, TODAY)
    assert published_months(settings) == []


def test_a_key_that_is_not_the_roles_is_refused(waiting: Path, settings: Settings) -> None:
    with pytest.raises(CallerError, match="not the one enrolled for lead-analyst"):
        approve(JANUARY, ANALYST, key_of(OFFICER, settings), settings, TODAY)
    with pytest.raises(CallerError, match="Nobody holds the role chief"):
        approve(JANUARY, "chief", key_of(OFFICER, settings), settings, TODAY)


@pytest.mark.parametrize("name", ["Jo Example", "jo.example@force.example", "", "DPO"])
def test_a_role_is_not_a_name(settings: Settings, name: str) -> None:
    with pytest.raises(CallerError, match="Name the duty, not the person"):
        enrol(settings.keys, name, "0" * 64, "")


def test_what_is_no_public_key_is_not_enrolled(settings: Settings) -> None:
    with pytest.raises(CallerError, match="64 hexadecimal digits"):
        enrol(settings.keys, "third", "abc", "")


def test_keys_are_private_files_and_no_other_file_signs(settings: Settings, tmp_path: Path) -> None:
    key = key_of(OFFICER, settings)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((settings.keys / "approvers.json").stat().st_mode) == 0o600
    with pytest.raises(CallerError, match="is there already"):
        make_approval_key(key)
    key.chmod(0o644)
    with pytest.raises(CallerError, match="chmod 600"):
        load_approval_key(key)
    other = tmp_path / "other.key"
    other.write_text("not a key")
    other.chmod(0o600)
    with pytest.raises(CallerError, match="is not an approval key"):
        load_approval_key(other)
    with pytest.raises(CallerError, match="candour keys approval"):
        load_approval_key(tmp_path / "missing.key")


def test_a_release_changed_while_it_waits_is_not_approved(
    waiting: Path, settings: Settings
) -> None:
    with (waiting / "trends.csv").open("a") as file:
        file.write("2026-01,E23000001,DISC,1.000,1.000,1.000,100,10,uncalibrated\n")
    with pytest.raises(GateError, match=r"trends\.csv was changed"):
        approved_by(OFFICER, JANUARY, settings)


def test_a_release_changed_with_its_sums_loses_what_was_approved(
    waiting: Path, settings: Settings
) -> None:
    approved_by(OFFICER, JANUARY, settings)
    (waiting / "training.csv").write_text("force_code,programme,start,end\n")
    write_checksums(waiting)
    with pytest.raises(GateError, match="of other bytes than these"):
        approved_by(ANALYST, JANUARY, settings)
    assert published_months(settings) == []


def test_figures_changed_with_their_sums_before_anybody_approved_are_not_approved(
    waiting: Path,
    settings: Settings,
) -> None:
    rows = read_rows(waiting, TrendRow)
    write_rows(waiting, TrendRow, [replace(rows[0], messages=1000), *rows[1:]])
    write_checksums(waiting)
    with pytest.raises(GateError, match="figures are not those that the disclosure audit passed"):
        approved_by(OFFICER, JANUARY, settings)


def put_back_a_withheld_force(settings: Settings) -> Path:
    """Merseyside's six are withheld, and Lancashire to hide them. It is put back while the release
    waits, with sums and the audit's hashes made again, as somebody with the releases could.
    """
    forces = {"E23000001": 30, "E23000002": 24, "E23000003": 20, "E23000004": 6}
    people = [p for force, size in forces.items() for p in team(force, JANUARY, size, 20)]
    waiting = released(make_marts(people), JANUARY, settings)
    rows = read_rows(waiting, TrendRow)
    there = next(row for row in rows if row.force_code == "E23000003")
    put_back = replace(there, messages=400, contributors=20)
    write_rows(waiting, TrendRow, [put_back if row is there else row for row in rows])
    manifest = json.loads((waiting / "manifest.json").read_text())
    manifest["audit"]["figures_sha256"] = figures_sha256(waiting)
    (waiting / "manifest.json").write_text(json.dumps(manifest))
    write_checksums(waiting)
    return waiting


def test_a_waiting_release_is_attacked_again_before_it_is_signed(settings: Settings) -> None:
    """Even where the enclave's record is made again, too."""
    waiting = put_back_a_withheld_force(settings)
    with pytest.raises(GateError, match="its SHA256SUMS is not the one that it was made with"):
        approved_by(OFFICER, JANUARY, settings)
    seal(waiting, JANUARY, settings)
    kept = settings.home / "ledgers"
    (kept / f".draft-sums-{JANUARY}.json").rename(kept / f"sums-{JANUARY}.json")
    with pytest.raises(GateError, match="E23000004 2026-01 messages"):
        approved_by(OFFICER, JANUARY, settings)
    assert not (waiting / "approvals").exists()


def test_approvers_can_audit_what_waits(waiting: Path, settings: Settings) -> None:
    approve_both(JANUARY, settings)
    make(FEBRUARY, settings)
    assert audit_published(FEBRUARY, None, settings, print).releases == 2
    assert audit_published(None, None, settings, print).releases == 1
    with pytest.raises(CallerError, match="No release 2026-03: there are 2026-01, 2026-02"):
        audit_published("2026-03", None, settings, print)


@pytest.mark.parametrize("audit", [None, {"result": "failed"}, "passed"])
def test_a_release_whose_audit_did_not_pass_is_not_approved(
    waiting: Path, settings: Settings, audit: object
) -> None:
    manifest = json.loads((waiting / "manifest.json").read_text())
    (waiting / "manifest.json").write_text(json.dumps(manifest | {"audit": audit}))
    write_checksums(waiting)
    with pytest.raises(GateError, match="does not say that the disclosure audit passed"):
        approved_by(OFFICER, JANUARY, settings)


def test_making_the_same_release_again_keeps_approvals(waiting: Path, settings: Settings) -> None:
    approved_by(OFFICER, JANUARY, settings)
    make(JANUARY, settings)
    assert approved_by(ANALYST, JANUARY, settings).published


def test_a_later_month_takes_the_place_of_one_that_waits(waiting: Path, settings: Settings) -> None:
    approved_by(OFFICER, JANUARY, settings)
    make(FEBRUARY, settings)
    assert pending_months(settings) == [FEBRUARY]
    with pytest.raises(CallerError, match="No release of 2026-01 waits for approval; 2026-02 does"):
        approved_by(ANALYST, JANUARY, settings)
    assert approved_by(OFFICER, FEBRUARY, settings).approved_by == (OFFICER,)
    published = approved_by(ANALYST, FEBRUARY, settings).folder
    assert JANUARY in json.loads((published / "manifest.json").read_text())["months_added"]


def test_a_release_that_no_longer_follows_the_last_is_not_approved(
    waiting: Path, settings: Settings
) -> None:
    """Put back a copy of the January that waited, after February was published."""
    copy = shutil.copytree(waiting, settings.home / "copy")
    release(FEBRUARY, settings)
    copy.rename(settings.pending / JANUARY)
    with pytest.raises(GateError, match="not later than every published month"):
        approved_by(OFFICER, JANUARY, settings)


def test_a_published_month_asks_for_nothing_more(waiting: Path, settings: Settings) -> None:
    published = approve_both(JANUARY, settings)
    with pytest.raises(CallerError, match="published already"):
        approved_by(OFFICER, JANUARY, settings)
    assert make(JANUARY, settings) == published
    assert pending_months(settings) == []


def test_a_run_stopped_before_the_rename_is_finished_by_approving_again(
    waiting: Path, settings: Settings
) -> None:
    """Both approvals are on disk and the release still waits: as a crash leaves it."""
    approved_by(OFFICER, JANUARY, settings)
    last = sign(waiting, ANALYST, load_approval_key(key_of(ANALYST, settings)), TODAY)
    write_approval(waiting / "approvals" / f"{ANALYST}.json", last)
    assert approved_by(OFFICER, JANUARY, settings).published
    assert [finding.problems for finding in verify(settings)] == [()]


def test_a_run_stopped_while_writing_an_approval_has_given_none(
    waiting: Path, settings: Settings
) -> None:
    (settings.releases / ".approval").write_text('{"statement": {"rel')
    assert approved_by(OFFICER, JANUARY, settings).approved_by == (OFFICER,)
    assert read_approval(waiting / "approvals" / f"{OFFICER}.json").statement.role == OFFICER


def test_a_run_stopped_after_giving_an_approval_keeps_it(waiting: Path, settings: Settings) -> None:
    """The first approval is in place, and linked to the file it was written in."""
    approved_by(OFFICER, JANUARY, settings)
    (settings.releases / ".approval").hardlink_to(waiting / "approvals" / f"{OFFICER}.json")
    assert approved_by(ANALYST, JANUARY, settings).approved_by == (OFFICER, ANALYST)
    assert [finding.problems for finding in verify(settings)] == [()]


def test_a_run_stopped_while_making_room_leaves_no_release_that_waits(
    waiting: Path, settings: Settings
) -> None:
    waiting.rename(settings.pending / f".discarded-{JANUARY}")
    assert pending_months(settings) == []
    make(FEBRUARY, settings)
    assert [path.name for path in settings.pending.iterdir()] == [FEBRUARY]


def test_a_role_that_passes_on_keeps_its_past_and_loses_its_future(
    waiting: Path, settings: Settings
) -> None:
    approve_both(JANUARY, settings)
    successor = settings.home.parent / "approvers" / "successor.key"
    enrol(settings.keys, ANALYST, make_approval_key(successor), JANUARY)
    assert [finding.problems for finding in verify(settings)] == [()]
    make(FEBRUARY, settings)
    approved_by(OFFICER, FEBRUARY, settings)
    with pytest.raises(CallerError, match="not the one enrolled for lead-analyst"):
        approved_by(ANALYST, FEBRUARY, settings)
    assert approve(FEBRUARY, ANALYST, successor, settings, TODAY).published
    assert [finding.problems for finding in verify(settings)] == [(), ()]


def test_a_draft_made_under_other_settings_is_not_published(settings: Settings) -> None:
    unapproved = settings.model_copy(update={"approval": Approval.NONE})
    draft = audited(marts(), JANUARY, unapproved)
    with pytest.raises(GateError, match="the settings ask for two_people"):
        publish(draft, settings)
    assert published_months(settings) == []
