"""Staging on several processes: the same shards and counts, and no content across the border.

All people, places and numbers are invented.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.intake.inbox import pending, quarantined, read_reason, sealed_bytes
from pipelines.intake.manifest import read_manifest
from pipelines.intake.source import MANIFEST
from pipelines.keys import generate_keys, load_keys
from pipelines.settings import REPOSITORY, Settings
from pipelines.staging.crew import WorkerError
from pipelines.staging.pool import _Kit, _stage, stage_all, stage_batch
from pipelines.staging.shard import find_shards
from pipelines.staging.stage import Tools, process_batch
from tests.integration.test_stage import CHAT, BrokenClassifier, hand_over
from tests.troubled_worker import FAILS, HANGS, KILLS, KILLS_ONCE, SOUND, work


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


IN_CELERY = """
import sys
import billiard
from pipelines.intake.inbox import pending
from pipelines.keys import load_keys
from pipelines.settings import REPOSITORY, Settings
from pipelines.staging.pool import stage_all
from tests.troubled_worker import work

def stage(settings):
    print(stage_all(pending(settings), settings, load_keys(settings.keys), work), flush=True)

task = billiard.Process(target=stage, args=[Settings()])
task.daemon = True
task.start()
task.join()
sys.exit(task.exitcode)
"""


def test_it_stages_in_a_process_of_celery_s_too(settings: Settings) -> None:
    """Celery marks its processes as daemons, to which `multiprocessing` allows no children."""
    hand_over(settings, CHAT, contributor=SOUND)
    environment = {"CANDOUR_HOME": str(settings.home), "PATH": os.environ["PATH"]}
    staged = subprocess.run(
        [sys.executable, "-c", IN_CELERY],
        env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "'staged': 1" in staged.stdout, staged.stderr[-2000:]


def test_a_failure_in_a_worker_crosses_as_a_sentence(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    folder = hand_over(settings, CHAT)
    kit = _Kit.load(settings)
    blocked = settings.staged
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("a file where the folder should be")
    with caplog.at_level(logging.DEBUG):
        (outcome,) = _stage((folder,), kit)
    assert outcome.failure and folder.name in outcome.failure and not outcome.counts
    assert "anyone" not in outcome.failure + caplog.text


def test_a_bug_on_a_chat_quarantines_it_in_a_worker_too(settings: Settings) -> None:
    folder = hand_over(settings, CHAT)
    kit = _Kit.load(settings)
    broken = Tools(kit.tools.deidentifier, BrokenClassifier())  # type: ignore[arg-type]
    (outcome,) = _stage((folder,), _Kit(broken, kit.settings, kit.keys))
    assert outcome.counts["quarantined"] == 1


def why_quarantined(settings: Settings) -> dict[str, str]:
    """Reason codes by the contributor who handed it over."""
    return {
        read_manifest((folder / MANIFEST).read_bytes()).contributor: str(
            read_reason(folder)["reason"]
        )
        for folder in quarantined(settings)
    }


def test_one_that_hangs_and_one_that_kills_its_worker_go_and_the_rest_is_staged(
    settings: Settings,
) -> None:
    settings = settings.model_copy(update={"submission_seconds": 2})
    for who in (SOUND, HANGS, KILLS, KILLS_ONCE, FAILS, "C-0010", "C-0011"):
        hand_over(settings, CHAT, contributor=who)
    with pytest.raises(WorkerError, match="no room"):
        stage_all(pending(settings), settings, load_keys(settings.keys), work)
    assert why_quarantined(settings) == {HANGS: "timed_out", KILLS: "worker_died"}
    assert len(list(settings.home.glob("staged-*"))) == len(pending(settings)) - 1 == 4


def test_a_worker_that_cannot_start_says_why(settings: Settings) -> None:
    folder = hand_over(settings, CHAT)
    keys = load_keys(settings.keys)
    (settings.keys / "data.key").unlink()
    with pytest.raises(WorkerError, match=r"could not start: No key at .*data\.key"):
        stage_all([folder], settings, keys)
    assert pending(settings) == [folder]


def test_a_long_chat_is_given_its_seconds_and_no_more(settings: Settings) -> None:
    settings = settings.model_copy(update={"submission_seconds": 1})
    line = "05/10/2026, 09:19 - Bex Marlowe: number {0} of those who came by the old mill at {0}\n"
    hand_over(settings, CHAT + "".join(map(line.format, range(8_000))))
    counts = stage_batch(pending(settings), settings)
    assert counts == {"staged": 0, "already_staged": 0, "quarantined": 1, "rows": 0}
    (folder,) = quarantined(settings)
    assert read_reason(folder)["counts"] == {
        "sealed_bytes": sealed_bytes(folder),
        "seconds_allowed": 1,
    }
    assert find_shards(settings.staged) == []


PROGRAM = """
import sys
from pathlib import Path
from pipelines.settings import Settings
from pipelines.staging.crew import work_through
from tests.troubled_worker import work
assert __name__ == "__main__", "Airflow's own program would open its database here"
(outcome,) = work_through([(Path(sys.argv[1]),)], 1, work, Settings())
print(outcome.counts)
"""


def test_a_worker_does_not_run_the_program_again_that_started_it(
    settings: Settings, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    ran = subprocess.run(
        [sys.executable, program, hand_over(settings, CHAT, contributor=SOUND)],
        cwd=REPOSITORY,
        env={
            "CANDOUR_HOME": str(settings.home),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "{'staged': 1}\n", ran.stderr[-2000:]
