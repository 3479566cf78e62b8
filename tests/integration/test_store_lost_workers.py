"""Workers lost on the way, batches staged twice, verdicts that come late: one of each comes in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pipelines.erasure.retention import retain
from pipelines.intake.inbox import pending
from pipelines.settings import REPOSITORY
from pipelines.staging.pool import stage_batch
from pipelines.storage import claims, worker
from pipelines.storage.copies import read_offers
from pipelines.storage.letters import seal_letter
from pipelines.storage.offers import NotTakenInError, check_taken_in
from pipelines.storage.worker import stage_offered
from tests.erasure_world import ANNS
from tests.store_world import ALL, Deployment, Paused, nothing_in_scratch

NOW = datetime(2026, 11, 26, tzinfo=UTC)


STAGE_AND_DIE = """
import os, signal, sys
from pipelines.settings import Settings
from pipelines.storage import worker
from pipelines.storage.objects import open_store

def opened(url):
    store = open_store(url)
    put = store.put
    def put_unless_result(name, content):
        if name.endswith(".result"):
            os.kill(os.getpid(), signal.SIGKILL)
        put(name, content)
    store.put = put_unless_result
    return store

worker.open_store = opened
worker.stage_offered(["", ""], Settings())
"""


def overtaken(deployed: Deployment, monkeypatch: pytest.MonkeyPatch) -> Paused:
    """A worker that has fetched what another fetched after it and has staged."""
    deployed.world.hand_over(ANNS, "Ann Lee", "C-0001")
    deployed.offer()
    paused = Paused(deployed.worker("one"), monkeypatch)
    paused.start()
    with monkeypatch.context() as patch:
        patch.setattr(worker, "stage_batch", stage_batch)
        stage_offered(ALL, deployed.worker("two"))
    return paused


class TestLostAndDoubled:
    def test_a_worker_killed_between_shard_and_word_of_it(
        self, deployed: Deployment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world, one = deployed.world, deployed.worker("one")
        world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        killed = subprocess.run(
            [sys.executable, "-c", STAGE_AND_DIE],
            cwd=REPOSITORY,
            env=os.environ
            | {
                "CANDOUR_HOME": str(one.home),
                "CANDOUR_STORE": one.store,
                "CANDOUR_STAGE_WORKERS": "0",
            },
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        assert sum(name.endswith(".shard") for name in deployed.copies()) == 1
        assert deployed.collect() == {"staged": 0, "quarantined": 0}
        with pytest.raises(NotTakenInError, match="1 submissions"):
            check_taken_in(world.settings, world.keys)
        left = list(one.scratch.iterdir())
        assert len(left) == 1

        stage_offered(ALL, deployed.worker("two"))  # the task is done again elsewhere
        assert deployed.collect() == {"staged": 1, "quarantined": 0}
        check_taken_in(world.settings, world.keys)
        deployed.load()
        assert world.read("SELECT count(*) FROM core.message") == [(len(ANNS),)]
        stage_offered(ALL, one)  # the next task on the host that was lost
        assert nothing_in_scratch(one)
        monkeypatch.setattr(claims, "LOST_S", -1.0)
        deployed.offer()
        retain(world.settings, world.keys, NOW)
        assert deployed.copies() == []

    def test_a_batch_that_two_workers_get(
        self, deployed: Deployment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both stage it; encryption is random, so their shards differ. One comes in."""
        world, paused = deployed.world, overtaken(deployed, monkeypatch)
        paused.finish()
        shards = [name for name in deployed.copies() if name.endswith(".shard")]
        first, second = (deployed.store.get(name) for name in shards)
        assert first != second
        assert deployed.collect() == {"staged": 1, "quarantined": 0}
        deployed.load()
        assert world.read("SELECT count(*) FROM core.message") == [(len(ANNS),)]
        assert deployed.copies() == []

    def test_the_second_of_them_comes_after_the_first_was_loaded(
        self, deployed: Deployment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world, paused = deployed.world, overtaken(deployed, monkeypatch)
        deployed.collect()
        deployed.load()
        before = world.settings.staged.stat().st_mtime_ns
        paused.finish()
        assert deployed.copies() == []
        assert deployed.collect() == {"staged": 0, "quarantined": 0}
        assert world.settings.staged.stat().st_mtime_ns == before

    def test_a_late_verdict_does_not_put_away_what_another_has_staged(
        self, deployed: Deployment
    ) -> None:
        world = deployed.world
        world.hand_over(ANNS, "Ann Lee", "C-0001")
        (code,) = deployed.offer()
        old = f"{code}/0.result"
        number = read_offers(world.settings)[code]
        verdict = {"offer": number, "reason": "timed_out", "counts": {}}
        deployed.store.put(old, seal_letter(old, verdict, world.keys))
        stage_offered(ALL, deployed.worker("one"))
        assert deployed.collect() == {"staged": 1, "quarantined": 0}
        deployed.store.put(old, seal_letter(old, verdict, world.keys))
        assert deployed.collect() == {"staged": 0, "quarantined": 0}
        assert (len(pending(world.settings)), deployed.copies()) == (1, [])
