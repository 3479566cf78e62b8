"""Metadata, spreadsheet, PDFs and site are made of the audited figures, or it is refused."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import tasks
from pipelines.cli import app
from pipelines.errors import GateError
from pipelines.release.files import write_checksums
from pipelines.release.publish import published_months
from pipelines.report.derived import derived_problems, draw
from pipelines.settings import Approval, Settings
from pipelines.verify_command import run_verify
from tests.marts import make_marts, team
from tests.releases import audited

MET, CUMBRIA = "E23000001", "E23000002"
JANUARY = "2026-01"
PAGE = f"site/force-{MET}.html"
BRIEF = f"briefs/{MET}.pdf"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a draft that passed its audit."""
    people = [*team(MET, JANUARY, 30, 20, {"DISC": 14}), *team(CUMBRIA, JANUARY, 24, 20)]
    settings = Settings(home=tmp_path_factory.mktemp("home"), approval=Approval.NONE)
    draw(audited(make_marts(people), JANUARY, settings))
    return settings.home


@pytest.fixture
def settings(drafted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    home = shutil.copytree(drafted, tmp_path / "home")
    monkeypatch.setenv("CANDOUR_HOME", str(home))
    monkeypatch.setenv("CANDOUR_APPROVAL", "none")
    yield Settings()


def draft_of(settings: Settings) -> Path:
    return settings.releases / f".draft-{JANUARY}"


def test_what_is_made_of_the_figures_is_published_and_verifies(settings: Settings) -> None:
    folder = settings.releases / tasks.publish(draft_of(settings).name)
    assert derived_problems(folder) == []
    listed = (folder / "SHA256SUMS").read_text()
    assert all(f"  {name}\n" in listed for name in ("report.pdf", BRIEF, f"site/{BRIEF}"))
    assert [finding.problems for finding in run_verify(None, settings)] == [()]


def replace_in(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))

    return change


def change_a_cell_of_the_spreadsheet(folder: Path) -> None:
    """600 messages become 605."""
    path = folder / "candour.ods"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert b">600<" in members["content.xml"]
    members["content.xml"] = members["content.xml"].replace(b">600<", b">605<", 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


OPEN_DATA: dict[str, Callable[[Path], object]] = {
    "candour.ods is not what the figures make": change_a_cell_of_the_spreadsheet,
    "trends.csv-metadata.json is not what the figures make": replace_in(
        "trends.csv-metadata.json", "rounded to 5", "rounded to 1"
    ),
    "habits.csv-metadata.json is missing": lambda f: (f / "habits.csv-metadata.json").unlink(),
    "exact.csv is no part of a release": lambda f: (f / "exact.csv").write_text("n\n612\n"),
}
DRAWN: dict[str, Callable[[Path], object]] = {
    f"{PAGE} is not what the figures make": replace_in(PAGE, ">600<", ">612<"),
    "site/data/trends.csv is not what the figures make": replace_in(
        "site/data/trends.csv", "600", "605"
    ),
    "site/index.html is missing": lambda folder: (folder / "site/index.html").unlink(),
    "site/chats.html is no part of a release": lambda f: (f / "site/chats.html").write_text("-"),
    "report.pdf is not what the figures make": lambda f: (f / "report.pdf").write_bytes(b"%PDF"),
    f"{BRIEF} is missing": lambda folder: (folder / BRIEF).unlink(),
    "briefs/chat.pdf is no part of a release": lambda f: (f / "briefs/chat.pdf").write_bytes(b"-"),
}


def test_open_data_that_is_not_of_the_figures_is_not_published(settings: Settings) -> None:
    """Changed once the audit had passed, which looked at the figures alone."""
    for change in OPEN_DATA.values():
        change(draft_of(settings))
    with pytest.raises(GateError) as refused:
        tasks.publish(draft_of(settings).name)
    assert all(problem in str(refused.value) for problem in OPEN_DATA)
    assert refused.value.exit_code == 4
    assert published_months(settings) == []


def test_whatever_is_not_of_the_figures_is_named(settings: Settings) -> None:
    changes = OPEN_DATA | DRAWN
    for change in changes.values():
        change(draft_of(settings))
    assert sorted(derived_problems(draft_of(settings))) == sorted(changes)


def test_what_was_drawn_there_before_is_drawn_anew(settings: Settings) -> None:
    for change in DRAWN.values():
        change(draft_of(settings))
    folder = settings.releases / tasks.publish(draft_of(settings).name)
    assert derived_problems(folder) == []


def test_verify_draws_again_what_this_version_drew(settings: Settings) -> None:
    """Even without the enclave's record, where somebody made the sums again."""
    folder = settings.releases / tasks.publish(draft_of(settings).name)
    shutil.rmtree(settings.home / "ledgers")
    DRAWN[f"{PAGE} is not what the figures make"](folder)
    write_checksums(folder)
    refused = CliRunner().invoke(app, ["verify"]).exception
    assert isinstance(refused, GateError)
    assert f"{PAGE} is not what the figures make" in str(refused)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"code_sha256": "of another"}))
    write_checksums(folder)
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0
