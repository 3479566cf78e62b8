"""Releases whose files are garbled, sums and all: each command says whose they are, and goes on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipelines.errors import GateError
from pipelines.release.audit.run import audit_published
from pipelines.release.files import write_checksums
from pipelines.release.verify import verify
from pipelines.settings import Approval, Settings
from tests.marts import make_marts, team
from tests.releases import released

JANUARY, FEBRUARY = MONTHS = ("2026-01", "2026-02")
MET = "E23000001"


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(home=tmp_path_factory.mktemp("untouched"), approval=Approval.NONE)
    con = make_marts([p for month in MONTHS for p in team(MET, month, 30, 20, {"DISC": 14})])
    for month in MONTHS:
        released(con, month, settings)
    return settings.home


@pytest.fixture
def settings(untouched: Path, tmp_path: Path) -> Settings:
    home = shutil.copytree(untouched, tmp_path / "copy")
    return Settings(home=home, approval=Approval.NONE)


def write(settings: Settings, name: str, text: str | None) -> None:
    """Rewrite a file of the last release, or remove it, with its sums."""
    path = settings.releases / FEBRUARY / name
    path.unlink() if text is None else path.write_text(text)
    write_checksums(path.parent)


def say(settings: Settings, **said: object) -> None:
    manifest = json.loads((settings.releases / FEBRUARY / "manifest.json").read_text())
    write(settings, "manifest.json", json.dumps(manifest | said))


SAID = [
    ({"rebaseline": "2026-01"}, "which periods its re-baseline restates"),
    ({"rebaseline": ["2026-01"]}, "which periods its re-baseline restates"),
    ({"rebaseline": {"periods": None}}, "which periods its re-baseline restates"),
    (
        {"rebaseline": {"periods": [5], "cells_changed": 0}},
        "which periods its re-baseline restates",
    ),
    ({"rebaseline": {"periods": [], "cells_changed": "0"}}, "which periods its re-baseline"),
    ({"months_added": 5}, "the months it adds"),
    ({"basis": {}}, "what it is based on"),
    ({"basis": "private"}, "private.csv is missing"),
    ({"estimation": None}, "how its figures were estimated"),
    ({"estimation": [{"release": "2026-02"}]}, "how its figures were estimated"),
]


@pytest.mark.parametrize(("said", "why"), SAID)
def test_a_manifest_that_says_something_else(
    settings: Settings, said: dict[str, object], why: str
) -> None:
    say(settings, **said)
    january, february = verify(settings)
    mixed = ("it is exact, in a collection that publishes the other kind",)
    assert january.problems == (mixed if said.get("basis") == "private" else ())
    assert why in "; ".join(february.problems)
    with pytest.raises(GateError, match=f"refused {FEBRUARY}: .*{why}"):
        audit_published(None, None, settings, print)


@pytest.mark.parametrize("text", ["[1]", "null", '"2026-02"', "{", "[" * 100_000, ""])
def test_a_manifest_that_is_none(settings: Settings, text: str) -> None:
    write(settings, "manifest.json", text)
    january, february = verify(settings)
    assert january.problems == ()
    assert "its manifest is not 2026-02's" in february.problems
    with pytest.raises(GateError, match="refused 2026-02: its manifest cannot be read"):
        audit_published(None, None, settings, print)


@pytest.mark.parametrize("previous", [None, {}, ["2026-01"], [{"release": 5}]])
def test_a_chain_that_is_none(settings: Settings, previous: object) -> None:
    say(settings, previous=previous)
    january, february = verify(settings)
    assert january.problems == ()
    assert february.problems[-1] == "its chain cannot be followed"


@pytest.mark.parametrize(
    "name",
    ["trends.csv", "habits.csv", "challenge.csv", "impact.csv", "effects.csv", "training.csv"],
)
def test_a_file_that_is_empty_or_missing(settings: Settings, name: str) -> None:
    for text, why in (("", f"{name} has not the columns"), (None, f"{name} is missing")):
        write(settings, name, text)
        january, february = verify(settings)
        assert january.problems == ()
        assert why in "; ".join(february.problems)
        with pytest.raises(GateError, match=f"refused {FEBRUARY}: {why}"):
            audit_published(None, None, settings, print)


def test_what_a_garbled_file_holds_is_not_repeated(settings: Settings) -> None:
    row = "2026-01,E23000001,DISC,a secret,1.000,2.000,10,10,uncalibrated,5\n"
    header = (settings.releases / FEBRUARY / "trends.csv").read_text().partition("\n")[0]
    write(settings, "trends.csv", f"{header}\n{row}")
    with pytest.raises(GateError) as refused:
        audit_published(None, None, settings, print)
    assert "secret" not in f"{refused.value}{verify(settings)}"


def test_an_unsound_release_hides_no_restatement_of_it(settings: Settings) -> None:
    """Whoever adds a file to January, or damages one, does not cover for February."""
    trends = (settings.releases / FEBRUARY / "trends.csv").read_text()
    write(settings, "trends.csv", trends.replace(",600,30,", ",595,30,"))
    (settings.releases / JANUARY / "habits.csv").write_text("damaged")
    (settings.releases / JANUARY / "note.txt").write_text("added")
    _january, february = verify(settings, FEBRUARY)
    assert "rows of 2026-01 are not in it as they were" in "; ".join(february.problems)
