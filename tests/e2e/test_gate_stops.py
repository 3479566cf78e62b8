"""A gate that fails stops the run: nothing is published, and the message shows no row's value."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.demo import run_pipeline, submit_collection
from pipelines.errors import GateError
from pipelines.keys import generate_keys
from pipelines.settings import Settings
from pipelines.synthetic.generate import generate

MONTH = "2026-10"


def test_a_shard_that_is_not_what_its_sidecar_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path / "home")
    screen = Console(file=StringIO())
    generate_keys(settings.keys)
    collection = generate(
        tmp_path / "out", forces=1, volunteers=3, months=1, end_month=MONTH, seed=5
    )
    submit_collection(collection, settings, screen)
    monkeypatch.setenv("CANDOUR_HOME", str(settings.home))
    _stage_and_tamper(settings)
    with pytest.raises(GateError) as refused:
        run_pipeline(settings, screen, MONTH)
    assert "staged gate" in str(refused.value)
    assert refused.value.exit_code == 4
    assert not settings.releases.exists()
    assert not settings.warehouse.exists()


def _stage_and_tamper(settings: Settings) -> None:
    """Stage everything, then make one sidecar claim a row more than its shard holds."""
    from pipelines import tasks

    for batch in tasks.plan_batches():
        tasks.stage(batch)
    sidecar = sorted(settings.staged.glob("*.json"))[0]
    record = json.loads(sidecar.read_text())
    record["counts"]["staged"] += 1
    record["counts"]["other_members"] -= 1  # so that the sidecar agrees with itself
    sidecar.write_text(json.dumps(record))
