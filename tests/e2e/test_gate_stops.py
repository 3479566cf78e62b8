"""A gate that fails stops the run: nothing is published, and the message shows no row's value."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipelines import orchestrate
from pipelines.demo import run_pipeline, submit_collection
from pipelines.errors import GateError
from pipelines.keys import generate_keys
from pipelines.release.places import NATIONAL
from pipelines.release.publish import DRAFT_PREFIX, pending_months, published_months
from pipelines.release.rounding import round_to_base
from pipelines.release.rows import TrendRow, read_rows, write_rows
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


def test_a_draft_from_which_a_withheld_force_can_be_told(tmp_path: Path) -> None:
    """Eight volunteers in each of two forces: only their sum is out, until one of them is as well.

    The draft is changed before gate 3 looks at it, and passes that.
    """
    settings = Settings(home=tmp_path / "home")
    generate_keys(settings.keys)
    collection = generate(
        tmp_path / "out", forces=2, volunteers=8, months=1, end_month=MONTH, seed=5
    )
    submit_collection(collection, settings, Console(file=StringIO()))
    orchestrate.run_dag("intake", settings, lambda task: None)
    one, other = sorted({entry.force_code for entry in collection.submissions})
    started: list[str] = []

    def disclose(task: str) -> None:
        started.append(task)
        if task.endswith("gate_release"):
            _publish_half(settings.releases / f"{DRAFT_PREFIX}{MONTH}", one)

    with pytest.raises(GateError) as refused:
        orchestrate.run_dag("monthly_report", settings, disclose, {"month": MONTH})
    said = str(refused.value)
    assert refused.value.exit_code == 4
    assert f"{other} {MONTH} messages" in said
    assert not re.search("[0-9]", re.sub(rf"E[0-9]{{8}}|{MONTH}", "", said)), "a value"
    assert started[-1] == "audit_release"
    assert (published_months(settings), pending_months(settings)) == ([], [])


def _publish_half(draft: Path, force: str) -> None:
    """Say that half of all messages, and ten people, are this force's."""
    rows = read_rows(draft, TrendRow)
    (everything,) = {row.messages for row in rows if row.force_code == NATIONAL}
    assert everything is not None
    half = round_to_base(everything // 2)
    write_rows(
        draft,
        TrendRow,
        [
            replace(row, messages=half, contributors=10) if row.force_code == force else row
            for row in rows
        ],
    )


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
