"""Staging on several processes: the same shards and counts, and no content across the border.

All people, places and numbers are invented.
"""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pipelines.intake.inbox import pending
from pipelines.keys import generate_keys, load_keys
from pipelines.settings import Settings
from pipelines.staging import pool
from pipelines.staging.pool import WorkerError, _Kit, _Outcome, _stage, _total, stage_batch
from pipelines.staging.shard import find_shards
from pipelines.staging.stage import Tools, process_batch
from tests.integration.test_stage import CHAT, BrokenClassifier, hand_over


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home", stage_workers=2)
    generate_keys(settings.keys)
    return settings


def test_two_processes_stage_what_one_does(settings: Settings) -> None:
    folders = [hand_over(settings, CHAT, contributor=f"C-{n:04}") for n in range(3)]
    damaged = hand_over(settings, CHAT, contributor="C-0009")
    (damaged / "export.age").write_bytes(b"not sealed")
    counts = stage_batch(pending(settings), settings)
    assert counts == {"staged": 3, "already_staged": 0, "quarantined": 1, "rows": 6}
    assert pending(settings) == sorted(folders)
    written = {shard.path.name: shard.path.read_bytes() for shard in find_shards(settings.staged)}
    again = process_batch(folders, Tools.load(), settings, load_keys(settings.keys))
    assert again["already_staged"] == 3
    assert len(written) == 3


def test_a_failure_in_a_worker_crosses_as_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = hand_over(settings, CHAT)
    kit = _Kit.load(settings)
    monkeypatch.setattr(pool, "_kit", kit)
    blocked = settings.staged
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("a file where the folder should be")
    with caplog.at_level(logging.DEBUG):
        outcome = _stage(folder)
    assert outcome.failure and folder.name in outcome.failure and not outcome.counts
    assert "anyone" not in outcome.failure + caplog.text
    with pytest.raises(WorkerError, match=folder.name):
        _total([_Outcome({"staged": 1}), outcome])


def test_a_bug_on_a_chat_quarantines_it_in_a_worker_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = hand_over(settings, CHAT)
    kit = _Kit.load(settings)
    broken = Tools(kit.tools.deidentifier, BrokenClassifier())  # type: ignore[arg-type]
    monkeypatch.setattr(pool, "_kit", _Kit(broken, kit.settings, kit.keys))
    assert _stage(folder).counts["quarantined"] == 1
