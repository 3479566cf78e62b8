"""A withdrawal while workers that share nothing but a store stage what is withdrawn."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.erasure.retention import retain
from pipelines.storage import claims, copies
from pipelines.storage.copies import read_offers
from pipelines.storage.objects import StoreError
from pipelines.storage.offers import check_taken_in
from pipelines.storage.worker import stage_offered
from tests.erasure_world import ANNS, OTHERS
from tests.store_world import ALL, Deployment, Paused, ann_code, nothing_in_scratch

NOW = datetime(2026, 11, 26, tzinfo=UTC)


class TestWithdrawal:
    def test_waits_for_a_worker_that_has_fetched_it(
        self, deployed: Deployment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Fetched before, uploaded after: the certificate comes last, and all of it has gone."""
        world, one = deployed.world, deployed.worker("one")
        ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
        world.hand_over(OTHERS, "Dee Fox", "C-0003")
        deployed.offer()
        paused = Paused(one, monkeypatch)
        paused.start()
        looked = threading.Event()
        monkeypatch.setattr(copies, "LOOK_AGAIN_S", 0.05)
        monkeypatch.setattr(copies.time, "sleep", lambda _: looked.set())
        erased = threading.Event()
        erasing = threading.Thread(target=lambda: (deployed.withdraw(ann), erased.set()))
        erasing.start()
        assert looked.wait(60)  # it has found the claim
        assert not erased.is_set()
        assert paused.finish()["staged"] == 2  # Ann's among them, which it had fetched
        erasing.join()
        assert erased.is_set()
        assert nothing_in_scratch(one)
        assert [name for name in deployed.copies() if ann_code(deployed, ann) in name] == []
        assert deployed.collect() == {"staged": 1, "quarantined": 0}
        deployed.load()
        assert world.read("SELECT count(*) FROM core.message") == [(len(OTHERS),)]
        assert deployed.copies() == []

    def test_sees_a_claim_that_was_made_while_it_looked(
        self, deployed: Deployment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The worker fetches after the withdrawal has begun and before the offer is gone."""
        ann = deployed.world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        paused = Paused(deployed.worker("one"), monkeypatch)
        removes = copies.remove_all
        waits: list[bool] = []

        def late(*given: Any, **named: Any) -> None:
            if not paused.fetched.is_set():
                paused.start()
            removes(*given, **named)

        def wait(_: float) -> None:
            waits.append(True)
            paused.finish()

        monkeypatch.setattr(copies, "remove_all", late)
        monkeypatch.setattr(copies.time, "sleep", wait)
        deployed.withdraw(ann)
        assert waits
        assert deployed.copies() == []

    def test_does_not_wait_for_a_worker_that_was_lost_and_that_one_brings_nothing_back(
        self, deployed: Deployment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It was cut off for so long that it counts as lost, and goes on after the certificate."""
        world, one = deployed.world, deployed.worker("one")
        ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        paused = Paused(one, monkeypatch)
        paused.start()
        monkeypatch.setattr(claims, "LOST_S", -1.0)
        assert deployed.withdraw(ann)["certificate"] == 1
        assert deployed.copies() == []
        assert paused.finish()["staged"] == 1
        assert deployed.copies() == []
        assert nothing_in_scratch(one)
        assert deployed.collect() == {"staged": 0, "quarantined": 0}
        assert deployed.staged() == []

    def test_nor_does_what_one_left_that_was_killed_as_it_looked(
        self, deployed: Deployment
    ) -> None:
        """Killed after its upload and before it saw that the offer had gone: rubbish, never rows.

        The next run of intake, of a withdrawal or of retention removes it.
        """
        world = deployed.world
        ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        stage_offered(ALL, deployed.worker("one"))
        left = {n: deployed.store.get(n) for n in deployed.copies() if ".result" in n or ".sh" in n}
        assert len(left) == 2
        deployed.withdraw(ann)
        for name, content in left.items():
            deployed.store.put(name, content or b"")
        assert deployed.collect() == {"staged": 0, "quarantined": 0}
        assert (deployed.staged(), deployed.copies()) == ([], [])
        for name, content in left.items():
            deployed.store.put(name, content or b"")
        assert retain(world.settings, world.keys, NOW)["texts_dropped"] == 0
        assert deployed.copies() == []

    def test_of_what_was_offered_and_never_fetched(self, deployed: Deployment) -> None:
        ann = deployed.world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        assert len(deployed.copies()) == 2
        deployed.withdraw(ann)
        assert deployed.copies() == []
        assert read_offers(deployed.world.settings) == {}
        assert stage_offered(ALL, deployed.worker("one"))["staged"] == 0
        check_taken_in(deployed.world.settings, deployed.world.keys)

    def test_is_not_finished_while_the_store_is_out_of_reach(self, deployed: Deployment) -> None:
        ann = deployed.world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        reached = deployed.world.settings
        deployed.world.settings = reached.model_copy(update={"store": "s3://no-such-bucket/x"})
        with pytest.raises(StoreError):
            deployed.withdraw(ann)
        deployed.world.settings = reached
        assert deployed.withdraw(ann)["certificate"] == 1
        assert deployed.copies() == []
