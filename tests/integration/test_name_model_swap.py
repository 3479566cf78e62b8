"""A deployment's own name model: a stub package really installed, a spaCy pipeline really saved."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import spacy

from pipelines.contracts import Chat, LineTally, Message, MessageKind
from pipelines.deidentify.engine import Deidentifier
from pipelines.deidentify.swapped import NameModelError, load_name_model

# One word is in no list, and the shipped model leaves it alone where it stands.
TEXT = "the bins are rebinned on tuesday"

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "stub-names"
version = "{version}"
"""

MODULE = """
from presidio_analyzer import LocalRecognizer, RecognizerResult

class Names(LocalRecognizer):
    def __init__(self):
        super().__init__(supported_entities=["PERSON", "DATE_TIME"])

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts=None):
        at = text.find("rebinned")
        found = [RecognizerResult("PERSON", at, at + 8, 0.9)] if at >= 0 else []
        at = text.find("tuesday")
        return found + ([RecognizerResult("DATE_TIME", at, at + 7, 0.9)] if at >= 0 else [])

class Numbers(Names):
    def __init__(self):
        LocalRecognizer.__init__(self, supported_entities=["PHONE_NUMBER"])

class Damaged(Names):
    def __init__(self):
        raise OSError("weights.bin is cut short")

class Fails(Names):
    def analyze(self, text, entities, nlp_artifacts=None):
        if "rebinned" in text:
            raise RuntimeError(text)
        return []

thing = 3
"""


def install(folder: Path, version: str = "1.0", module: str = MODULE) -> Path:
    """Build and install a package with one module, ``stub_names``; the folder to import it from."""
    source = folder / f"source-{version}"
    (source / "stub_names").mkdir(parents=True)
    (source / "pyproject.toml").write_text(PROJECT.format(version=version))
    (source / "stub_names" / "__init__.py").write_text(module)
    target = folder / f"site-{version}"
    command = ["uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [sys.executable, "-m", *command, "--python", sys.executable, "--target", target, source],
        check=True,
    )
    return target


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("stub"))


@pytest.fixture
def stub(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "stub_names", raising=False)


@pytest.fixture(scope="module")
def shipped() -> Deidentifier:
    return Deidentifier.load()


def said(engine: Deidentifier, *lines: str) -> list[str]:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    messages = [Message(n, noon, "P", MessageKind.TEXT, line) for n, line in enumerate(lines)]
    return [m.text for m in engine.deidentify(Chat("whatsapp", messages, LineTally()))]


@pytest.mark.usefixtures("stub")
def test_an_installed_recogniser_takes_the_models_place(shipped: Deidentifier) -> None:
    engine = Deidentifier.load("stub_names:Names")
    assert said(shipped, TEXT) == [TEXT]
    assert said(engine, TEXT) == ["the bins are <PERSON> on tuesday"]
    assert said(engine, "ring 07700 900123") == ["ring <PHONE>"], "all the others still run"
    assert engine.version.split("-")[:3] == shipped.version.split("-")[:3]
    assert engine.version != shipped.version
    assert "stub_names:Names-1.0-" in engine.version


def test_another_version_of_the_package_is_another_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = set()
    for version, module in (("1.0", MODULE), ("1.1", MODULE), ("1.2", MODULE + "\n# changed")):
        with monkeypatch.context() as patch:
            patch.syspath_prepend(install(tmp_path, version, module))
            patch.delitem(sys.modules, "stub_names", raising=False)
            versions.add(load_name_model("stub_names:Names")[1])
    assert len(versions) == 3


def save_pipeline(folder: Path, name: str) -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": name}])  # type: ignore[attr-defined]
    pipeline.to_disk(folder)


def configure(folder: Path, engine: str, model: object) -> Path:
    path = folder / "names.yml"
    path.write_text(
        f"nlp_engine_name: {engine}\nmodels:\n  - lang_code: en\n    model_name: {model}\n"
        "ner_model_configuration:\n  labels_to_ignore: []\n"
        "  model_to_presidio_entity_mapping: {PERSON: PERSON, ORG: ORGANIZATION}\n"
    )
    return path


def test_a_spacy_pipeline_by_presidios_own_configuration(
    tmp_path: Path, shipped: Deidentifier
) -> None:
    save_pipeline(tmp_path / "model", "rebinned")
    path = str(configure(tmp_path, "spacy", tmp_path / "model"))
    engine = Deidentifier.load(path)
    assert said(engine, TEXT, "nothing here") == [
        "the bins are <PERSON> on tuesday", "nothing here",
    ]  # fmt: skip
    save_pipeline(tmp_path / "model", "wobbert")
    retrained = Deidentifier.load(path)
    assert said(retrained, TEXT) == [TEXT]
    assert len({shipped.version, engine.version, retrained.version}) == 3


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("no_such_package:Names", "No module named 'no_such_package'"),
        ("stub_names:Missing", "no attribute 'Missing'"),
        ("stub_names", "neither module:attribute nor a .yml file"),
        ("stub_names:thing", "neither a Presidio recogniser nor an NLP engine"),
        ("stub_names:Numbers", "it finds no PERSON"),
        ("stub_names:Damaged", "weights.bin is cut short"),
        ("/nowhere/names.yml", "No such file"),
    ],
)
def test_what_does_not_load_stops_with_its_name_and_reason(named: str, why: str) -> None:
    with pytest.raises(NameModelError, match=f"The name model {named} does not load") as caught:
        Deidentifier.load(named)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("engine", "model", "why"),
    [
        ("spacy", "en_no_such_model", "neither an installed spaCy model nor a folder"),
        ("transformers", "{spacy: en, transformers: org/model}", "neither an installed spaCy"),
        ("stanza", "en", "nlp_engine_name is not one of spacy, transformers"),
    ],
)
def test_no_model_is_fetched(tmp_path: Path, engine: str, model: str, why: str) -> None:
    with pytest.raises(NameModelError, match=why):
        load_name_model(str(configure(tmp_path, engine, model)))


@pytest.mark.usefixtures("stub")
def test_a_model_that_fails_on_a_text_withholds_it(caplog: pytest.LogCaptureFixture) -> None:
    engine = Deidentifier.load("stub_names:Fails")
    assert said(engine, TEXT, "ok see you at ten") == ["<UNPROCESSED>", "ok see you at ten"]
    assert "rebinned" not in caplog.text


def test_the_command_writes_nothing_without_its_model(tmp_path: Path) -> None:
    export = tmp_path / "chat.txt"
    export.write_text("13/05/2026, 09:15 - Tamsin Vole: morning all\n")
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "scrub", str(export)],
        env=os.environ | {"CANDOUR_NAME_MODEL": "no_such_package:Names"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "The name model no_such_package:Names does not load" in done.stderr
