"""Every way to change what was published, each found by ``candour verify`` and said plainly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import CallerError, GateError
from pipelines.release.approval import Statement, sign, write_approval
from pipelines.release.approvers import load_approval_key, make_approval_key
from pipelines.release.files import CHECKSUMS, sha256, write_checksums
from pipelines.release.publish import chain, publish
from pipelines.release.verify import verify
from pipelines.settings import Approval, Settings
from tests.approvers import (
    ANALYST,
    MONTHS,
    OFFICER,
    TODAY,
    approved_by,
    governed,
    key_of,
    make,
    marts,
    release,
)
from tests.releases import audited

JANUARY, FEBRUARY = MONTHS

Tampering = Callable[[Settings], object]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("untouched")
    settings = governed(home)
    for month in MONTHS:
        release(month, settings)
    return home


@pytest.fixture
def settings(untouched: Path, tmp_path: Path) -> Settings:
    """January and February, approved by both and published."""
    home = shutil.copytree(untouched, tmp_path / "copy")
    return Settings(home=home / "home", approval=Approval.TWO_PEOPLE)


def approval_of(settings: Settings, month: str, role: str = OFFICER) -> Path:
    return settings.releases / month / "approvals" / f"{role}.json"


def flip_a_byte(settings: Settings) -> None:
    path = settings.releases / JANUARY / "trends.csv"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)


def flip_a_byte_and_sum_again(settings: Settings) -> None:
    flip_a_byte(settings)
    write_checksums(settings.releases / JANUARY)


def remove_a_file(settings: Settings) -> None:
    (settings.releases / FEBRUARY / "habits.csv").unlink()


def remove_the_sums(settings: Settings) -> None:
    (settings.releases / FEBRUARY / CHECKSUMS).unlink()


def remove_the_manifest(settings: Settings) -> None:
    (settings.releases / FEBRUARY / "manifest.json").unlink()


def add_a_file(settings: Settings) -> None:
    (settings.releases / FEBRUARY / "force-detail.csv").write_text("force_code\n")


def replace_a_file_by_a_link(settings: Settings) -> None:
    path = settings.releases / FEBRUARY / "habits.csv"
    path.rename(settings.home / "habits.csv")
    path.symlink_to(settings.home / "habits.csv")


def add_a_file_among_the_approvals(settings: Settings) -> None:
    (settings.releases / FEBRUARY / "approvals" / "note.txt").write_text("looks good")


def swap_an_old_release(settings: Settings) -> None:
    """Another January, sound and approved by the same two people on another day."""
    other = governed(settings.home.parent / "other")
    for role in (OFFICER, ANALYST):
        shutil.copyfile(key_of(role, settings), key_of(role, other))
    shutil.copyfile(settings.keys / "approvers.json", other.keys / "approvers.json")
    noticed = other.model_copy(update={"notice": "The other January"})
    swapped = release(JANUARY, noticed)
    shutil.rmtree(settings.releases / JANUARY)
    shutil.copytree(swapped, settings.releases / JANUARY)


def remove_an_old_release(settings: Settings) -> None:
    shutil.rmtree(settings.releases / JANUARY)


def slip_in_an_old_release(settings: Settings) -> None:
    shutil.copytree(settings.releases / JANUARY, settings.releases / "2025-12")


def forge_an_approval(settings: Settings) -> None:
    """By a key that nobody enrolled."""
    key_file = settings.home / "forger.key"
    make_approval_key(key_file)
    forged = sign(settings.releases / FEBRUARY, OFFICER, load_approval_key(key_file), TODAY)
    write_approval(approval_of(settings, FEBRUARY), forged)


def forge_under_the_enrolled_key(settings: Settings) -> None:
    """By another key, said to be the enrolled one."""
    enrolled = json.loads(approval_of(settings, FEBRUARY).read_text())["public_key"]
    forge_an_approval(settings)
    said = json.loads(approval_of(settings, FEBRUARY).read_text())
    approval_of(settings, FEBRUARY).write_text(json.dumps({**said, "public_key": enrolled}))


def replay_an_approval(settings: Settings) -> None:
    """January's signature as February's."""
    shutil.copyfile(approval_of(settings, JANUARY), approval_of(settings, FEBRUARY))


def replay_and_relabel_an_approval(settings: Settings) -> None:
    old = json.loads(approval_of(settings, JANUARY).read_text())
    new = json.loads(approval_of(settings, FEBRUARY).read_text())
    relabelled = {**old, "statement": new["statement"]}
    approval_of(settings, FEBRUARY).write_text(json.dumps(relabelled))


def give_one_persons_approval_twice(settings: Settings) -> None:
    shutil.copyfile(approval_of(settings, FEBRUARY), approval_of(settings, FEBRUARY, ANALYST))


def redate_an_approval(settings: Settings) -> None:
    said = json.loads(approval_of(settings, FEBRUARY).read_text())
    said["statement"]["approved_on"] = "2026-01-01"
    approval_of(settings, FEBRUARY).write_text(json.dumps(said))


def remove_an_approval(settings: Settings) -> None:
    approval_of(settings, FEBRUARY).unlink()


def remove_an_old_approval(settings: Settings) -> None:
    approval_of(settings, JANUARY).unlink()


def damage_an_approval(settings: Settings) -> None:
    approval_of(settings, FEBRUARY).write_text("[]")


def pretend_none_was_needed(settings: Settings) -> None:
    """Rewrite the last release as one that needs no approval, with its sums."""
    rewrite_manifest(settings, approval={"policy": "none", "note": ""})
    shutil.rmtree(settings.releases / FEBRUARY / "approvals")


def say_that_the_audit_failed(settings: Settings) -> None:
    """In the last release, with its sums."""
    rewrite_manifest(settings, audit={"result": "failed"})


def add_a_row_and_sum_again(settings: Settings) -> None:
    with (settings.releases / FEBRUARY / "challenge.csv").open("a") as file:
        file.write("2026-02\n")
    write_checksums(settings.releases / FEBRUARY)


def alter_an_effect_and_sum_again(settings: Settings) -> None:
    path = settings.releases / FEBRUARY / "effects.csv"
    path.write_text(path.read_text().replace("[x],[x],[x]", "0.800,0.700,0.900", 1))
    write_checksums(path.parent)


def rewrite_manifest(settings: Settings, **said: object) -> None:
    folder = settings.releases / FEBRUARY
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | said))
    write_checksums(folder)


def rewrite_the_latest(settings: Settings) -> None:
    """Its text, its manifest and its sums; nobody had to sign it."""
    path = settings.releases / FEBRUARY / "training.csv"
    path.write_text(path.read_text() + "E23000001,Invented,2026-02-02,2026-02-06\n")
    manifest = json.loads((path.parent / "manifest.json").read_text())
    manifest["audit"]["figures_sha256"]["training.csv"] = sha256(path)
    rewrite_manifest(settings, audit=manifest["audit"])


def remove_the_latest(settings: Settings) -> None:
    shutil.rmtree(settings.releases / FEBRUARY)


def slip_in_a_later_release(settings: Settings) -> None:
    """Whole, with a chain and sums of its own."""
    folder = shutil.copytree(settings.releases / FEBRUARY, settings.releases / "2026-03")
    shutil.rmtree(folder / "approvals")
    manifest = json.loads((folder / "manifest.json").read_text())
    said = {"release": "2026-03", "previous": chain(settings, "2026-03")}
    (folder / "manifest.json").write_text(json.dumps(manifest | said))
    write_checksums(folder)


def rewrite_the_chain(settings: Settings) -> None:
    """Swap January, then make February name the new one."""
    flip_a_byte_and_sum_again(settings)
    folder = settings.releases / FEBRUARY
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["previous"][0]["sha256"] = sha256(settings.releases / JANUARY / CHECKSUMS)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    write_checksums(folder)


FOUND: dict[Tampering, tuple[str, str]] = {
    flip_a_byte: (JANUARY, "trends.csv was changed"),
    flip_a_byte_and_sum_again: (JANUARY, "is not the release that 2026-02 follows"),
    remove_a_file: (FEBRUARY, "habits.csv is missing"),
    remove_the_sums: (FEBRUARY, "SHA256SUMS is missing"),
    remove_the_manifest: (FEBRUARY, "its manifest is not 2026-02's"),
    add_a_file: (FEBRUARY, "force-detail.csv was added"),
    replace_a_file_by_a_link: (FEBRUARY, "habits.csv was changed"),
    add_a_file_among_the_approvals: (FEBRUARY, "note.txt is not an approval"),
    swap_an_old_release: (JANUARY, "it is not the release that 2026-02 follows"),
    remove_an_old_release: (JANUARY, "it is gone, and 2026-02 follows it"),
    slip_in_an_old_release: ("2025-12", "2026-02 does not know it"),
    forge_an_approval: (FEBRUARY, "is not by a key enrolled for data-protection-officer"),
    forge_under_the_enrolled_key: (FEBRUARY, "has a signature that does not fit"),
    replay_an_approval: (FEBRUARY, "is of 2026-01"),
    replay_and_relabel_an_approval: (FEBRUARY, "has a signature that does not fit"),
    give_one_persons_approval_twice: (FEBRUARY, "is not named as its role"),
    redate_an_approval: (FEBRUARY, "has a signature that does not fit"),
    remove_an_approval: (FEBRUARY, "1 of 2 approvals are good"),
    remove_an_old_approval: (JANUARY, "it is not the release that 2026-02 follows"),
    damage_an_approval: (FEBRUARY, "is not an approval"),
    pretend_none_was_needed: (FEBRUARY, "published without approval"),
    say_that_the_audit_failed: (FEBRUARY, "does not say that the disclosure audit passed"),
    add_a_row_and_sum_again: (FEBRUARY, "not those that the disclosure audit passed"),
    alter_an_effect_and_sum_again: (FEBRUARY, "not those that the disclosure audit passed"),
    rewrite_the_latest: (FEBRUARY, "its SHA256SUMS is not the one that it was made with"),
    remove_the_latest: (FEBRUARY, "it is gone, and the enclave has a record of it"),
    slip_in_a_later_release: ("2026-03", "the enclave has no record that it was made here"),
    rewrite_the_chain: (FEBRUARY, "is of other bytes than these"),
}


def test_what_was_published_verifies(settings: Settings) -> None:
    assert [(f.release, f.approved_by, f.problems) for f in verify(settings)] == [
        (month, (OFFICER, ANALYST), ()) for month in MONTHS
    ]


@pytest.mark.parametrize("tamper", FOUND, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_and_said_with_code_4(
    settings: Settings, tamper: Tampering, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(settings)
    monkeypatch.setenv("CANDOUR_HOME", str(settings.home))
    monkeypatch.setenv("CANDOUR_APPROVAL", "two_people")
    month, expected = FOUND[tamper]
    done = CliRunner().invoke(app, ["verify", "--json"])
    found = {f["release"]: "; ".join(f["problems"]) for f in json.loads(done.stdout)["releases"]}
    assert expected in found[month]
    refused = done.exception
    assert isinstance(refused, GateError)
    assert refused.exit_code == 4
    assert f"{month}: {found[month]}" in str(refused)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def corrupt(path: Path) -> None:
    path.write_bytes(b"\0")


@pytest.mark.parametrize("name", ["trends.csv", "manifest.json", "training.csv", CHECKSUMS])
@pytest.mark.parametrize("destroy", [Path.unlink, truncate, corrupt], ids=lambda f: f.__name__)
def test_a_release_is_checked_with_every_one_it_stands_on(
    settings: Settings, name: str, destroy: Callable[[Path], object]
) -> None:
    assert [(f.release, f.problems) for f in verify(settings, FEBRUARY)] == [
        (month, ()) for month in MONTHS
    ]
    destroy(settings.releases / JANUARY / name)
    january, february = verify(settings, FEBRUARY)
    assert any(name in said for said in january.problems)
    lost_sums = (name, destroy) == (CHECKSUMS, Path.unlink)
    assert february.problems == (("its chain cannot be followed",) if lost_sums else ())


def test_a_release_is_not_blamed_for_later_ones(settings: Settings) -> None:
    (settings.releases / FEBRUARY / "trends.csv").unlink()
    assert [(f.release, f.problems) for f in verify(settings, JANUARY)] == [(JANUARY, ())]
    with pytest.raises(CallerError, match="No release 2026-03: there are 2026-01, 2026-02"):
        verify(settings, "2026-03")


def test_a_signature_is_of_everything_it_says() -> None:
    said = Statement(JANUARY, OFFICER, "0" * 64, "2026-03-02")
    assert said.as_bytes() == (
        b'{"approved_on":"2026-03-02","purpose":"candour release approval 1",'
        b'"release":"2026-01","role":"data-protection-officer","sums_sha256":"' + b"0" * 64 + b'"}'
    )


@pytest.mark.parametrize(
    ("policy", "asked", "problems"),
    [
        (Approval.NONE, Approval.TWO_PEOPLE, ["without approval"]),
        (Approval.NONE, Approval.DEMONSTRATION, ["without approval"]),
        (Approval.DEMONSTRATION, Approval.TWO_PEOPLE, ["with a demonstration's own approval"]),
        (Approval.DEMONSTRATION, Approval.DEMONSTRATION, []),
        (Approval.TWO_PEOPLE, Approval.DEMONSTRATION, []),
        (Approval.TWO_PEOPLE, Approval.NONE, []),
    ],
)
def test_a_release_is_held_to_the_setting_and_not_to_its_word(
    tmp_path: Path, policy: Approval, asked: Approval, problems: list[str]
) -> None:
    made = governed(tmp_path).model_copy(update={"approval": policy})
    if policy is Approval.NONE:
        make(JANUARY, made)
    else:
        release(JANUARY, made)
    found = verify(made.model_copy(update={"approval": asked}))[0].problems
    assert list(found) == [
        f"it was published {said}, and the settings ask for {asked.value.replace('_', ' ')}"
        for said in problems
    ]


@pytest.mark.parametrize("month", MONTHS)
def test_whoever_makes_every_sum_again_is_found(tmp_path: Path, month: str) -> None:
    """Nobody had to sign, and the chain is made again as well: the enclave remembers."""
    settings = governed(tmp_path).model_copy(update={"approval": Approval.NONE})
    for each in MONTHS:
        make(each, settings)
    path = settings.releases / month / "manifest.json"
    path.write_text(path.read_text().replace('"notice": ""', '"notice": "Another"'))
    write_checksums(path.parent)
    rewrite_manifest(settings, previous=chain(settings, FEBRUARY))
    problems = {f.release: f.problems for f in verify(settings)}
    assert problems[month] == (f"its {CHECKSUMS} is not the one that it was made with",)


def test_a_copy_without_the_enclave_is_checked_by_what_it_holds(settings: Settings) -> None:
    shutil.rmtree(settings.home / "ledgers")
    assert [f.problems for f in verify(settings)] == [(), ()]


def test_nothing_is_published_after_a_release_that_is_not_as_it_was(settings: Settings) -> None:
    (settings.releases / JANUARY / "candour.ods").write_bytes(b"")
    with pytest.raises(GateError, match="2026-01 is not as it was published"):
        publish(audited(marts(), "2026-03", settings), settings)


def test_nothing_is_approved_after_a_release_that_is_not_as_it_was(settings: Settings) -> None:
    make("2026-03", settings)
    (settings.releases / JANUARY / "candour.ods").write_bytes(b"")
    with pytest.raises(GateError, match="2026-01 is not as it was published"):
        approved_by(OFFICER, "2026-03", settings)


def test_a_later_release_does_not_vouch_for_one_that_nobody_approved(tmp_path: Path) -> None:
    settings = governed(tmp_path)
    make(JANUARY, settings.model_copy(update={"approval": Approval.NONE}))
    release(FEBRUARY, settings)
    january, february = verify(settings)
    assert "published without approval" in january.problems[0]
    assert february.problems == ()


def test_a_release_that_waits_for_less_than_the_setting_asks_is_not_approved(
    tmp_path: Path,
) -> None:
    settings = governed(tmp_path)
    make(JANUARY, settings.model_copy(update={"approval": Approval.DEMONSTRATION}))
    with pytest.raises(GateError, match="a demonstration's own approval"):
        approved_by(OFFICER, JANUARY, settings)
