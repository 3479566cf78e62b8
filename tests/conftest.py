"""Fixtures shared by every kind of test. The expensive one is a whole run, made once."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.settings import Settings
from pipelines.synthetic.generate import Collection

MONTH = "2026-10"
CANARIES = 50


@pytest.fixture(scope="session", autouse=True)
def nobody_approves() -> Iterator[None]:
    """Releases are published at once, except in the tests about approval."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANDOUR_APPROVAL", "none")
        yield


@dataclass(frozen=True)
class FinishedRun:
    """A small synthetic collection that went through both DAGs."""

    settings: Settings
    site: Path
    screen: str
    collection: Collection
    temp: Path

    def plain_exports(self) -> bytes:
        """Every export as the volunteers hold it, zipped ones unpacked."""
        paths = [entry.path for entry in self.collection.submissions]
        return b"".join(_chat_bytes(path) for path in paths)


def _chat_bytes(path: Path) -> bytes:
    if path.suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read("_chat.txt")


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinishedRun]:
    """Both DAGs, really run, over three forces of twelve volunteers; temp files kept apart."""
    from pipelines.demo import run_pipeline, submit_collection
    from pipelines.keys import generate_keys
    from pipelines.synthetic.generate import generate

    temp = tmp_path_factory.mktemp("temp")
    before = {name: os.environ.get(name) for name in ("TMPDIR", "CANDOUR_HOME")}
    os.environ["TMPDIR"] = str(temp)
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    outside = tmp_path_factory.mktemp("volunteers")
    collection = generate(
        outside, forces=3, volunteers=12, months=3, end_month=MONTH, seed=7, canaries=CANARIES
    )
    screen = Console(file=StringIO(), width=120)
    generate_keys(settings.keys)
    submit_collection(collection, settings, screen)
    site = run_pipeline(settings, screen, MONTH)
    yield FinishedRun(settings, site, screen.file.getvalue(), collection, temp)
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})
