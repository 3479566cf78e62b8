"""Home and workers that share nothing but a store: the races between staging and erasure.

Workers run the real de-identification in a home of their own that has the keys and nothing else. A
second attempt, another worker, a lost one: each is played to the moment that matters.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipelines.erasure.retention import retain
from pipelines.erasure.withdraw import withdraw
from pipelines.errors import CallerError, Reason
from pipelines.intake.inbox import pending, quarantined, read_reason
from pipelines.intake.manifest import read_manifest
from pipelines.intake.source import EXPORT, MANIFEST
from pipelines.keys import generate_keys
from pipelines.rotation.rotate import rotate
from pipelines.settings import REPOSITORY, Settings
from pipelines.staging.pool import stage_batch
from pipelines.staging.shard import find_shards
from pipelines.staging.stage import Tools
from pipelines.storage import claims, copies, worker
from pipelines.storage.collect import collect
from pipelines.storage.copies import read_offers
from pipelines.storage.letters import code_of, seal_letter
from pipelines.storage.objects import Store, StoreError, open_store
from pipelines.storage.offers import NotTakenInError, check_taken_in, offer
from pipelines.storage.worker import stage_offered
from tests.erasure_world import ANNS, CANARY, OTHERS, TEAM, TODAY, Handed, World
from tests.stores import any_store

NOW = datetime(2026, 11, 26, tzinfo=UTC)
ALL = ["", ""]
"""The range that every submission is in."""


@dataclass
class Deployment:
    """A home, and the store that its workers reach."""

    world: World
    folder: Path

    @property
    def store(self) -> Store:
        return open_store(self.world.settings.store)

    def worker(self, name: str) -> Settings:
        """Settings of a worker on a host of its own."""
        home = self.folder / name
        if not home.exists():
            shutil.copytree(self.world.settings.keys, home / "keys")
            (home / "keys").chmod(0o700)
        return self.world.settings.model_copy(update={"home": home})

    def offer(self) -> dict[str, int]:
        return offer(self.world.settings, self.world.keys)

    def collect(self) -> dict[str, int]:
        return collect(self.world.settings, self.world.keys)

    def load(self) -> None:
        self.world.load_staged()

    def withdraw(self, handed: Handed) -> Mapping[str, Any]:
        return withdraw(handed.receipt, self.world.settings, self.world.keys, TODAY)

    def copies(self) -> list[str]:
        """What the store holds but for the name of its collection."""
        return [name for name in self.store.names() if name != "collection"]

    def staged(self) -> list[str]:
        """Keys of the submissions that the home has shards of."""
        return [shard.submission_key for shard in find_shards(self.world.settings.staged)]


@pytest.fixture(params=["file", "s3"])
def deployed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployment]:
    monkeypatch.setattr(Tools, "load", cache(Tools.load))
    with any_store(request.param, tmp_path, monkeypatch) as url:
        yield Deployment(World(tmp_path, store=url, stage_workers=0), tmp_path)


def ann_code(deployed: Deployment, ann: Handed) -> str:
    return code_of(ann.submission_id, deployed.world.keys)


def secrets_of(world: World) -> list[str]:
    """The collection's keys but for the public one, as their files hold them."""
    return [path.read_text().strip() for path in world.settings.keys.glob("*.key")]


class Paused:
    """A worker that has fetched a batch and stops there until it is told to go on."""

    def __init__(self, settings: Settings, patch: pytest.MonkeyPatch) -> None:
        self.fetched, self.go_on = threading.Event(), threading.Event()
        self.result: dict[str, int] = {}
        patch.setattr(worker, "stage_batch", self._stage)
        self._settings = settings
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()
        assert self.fetched.wait(60)

    def finish(self) -> dict[str, int]:
        self.go_on.set()
        self._thread.join()
        return self.result

    def _run(self) -> None:
        self.result = stage_offered(ALL, self._settings)

    def _stage(self, folders: Sequence[Path], room: Settings) -> dict[str, int]:
        self.fetched.set()
        assert self.go_on.wait(60)
        return stage_batch(folders, room)


def nothing_in_scratch(settings: Settings) -> bool:
    return list(settings.scratch.iterdir()) == []


def test_what_a_worker_stages_is_what_the_home_would_have(deployed: Deployment) -> None:
    world = deployed.world
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    assert sorted(deployed.offer()) == sorted(
        code_of(folder.name, world.keys) for folder in pending(world.settings)
    )
    done = stage_offered(ALL, deployed.worker("one"))
    assert done == {"staged": 2, "already_staged": 0, "quarantined": 0, "rows": 10}
    assert deployed.collect() == {"staged": 2, "quarantined": 0}
    check_taken_in(world.settings, world.keys)
    there = find_shards(world.settings.staged)

    local = deployed.worker("local").model_copy(update={"store": ""})
    shutil.copytree(world.settings.inbox, local.inbox)
    worker.stage_batch(pending(local), local)
    here = find_shards(local.staged)
    assert [(s.path.name, s.counts) for s in there] == [(s.path.name, s.counts) for s in here]
    assert len(pending(world.settings)) == 2


def test_nothing_is_left_behind_and_nothing_is_done_twice(deployed: Deployment) -> None:
    deployed.world.hand_over(ANNS, "Ann Lee", "C-0001")
    one = deployed.worker("one")
    deployed.offer()
    stage_offered(ALL, one)
    deployed.collect()
    assert deployed.copies() == []
    assert nothing_in_scratch(one)
    assert deployed.offer() == {}
    assert stage_offered(ALL, one)["staged"] == 0
    deployed.load()
    deployed.load()
    assert deployed.world.read("SELECT count(*) FROM core.message") == [(len(ANNS),)]


def test_a_range_is_staged_by_whoever_gets_it(deployed: Deployment) -> None:
    for n in range(4):
        deployed.world.hand_over(ANNS[: n + 2], "Ann Lee", "C-0001")
    codes = sorted(deployed.offer())
    for batch in (["", codes[2]], [codes[2], ""]):
        assert stage_offered(batch, deployed.worker(f"from-{batch[0]}"))["staged"] == 2
    assert deployed.collect() == {"staged": 4, "quarantined": 0}


def test_a_verdict_comes_back_and_the_export_stays_sealed_in_the_home(deployed: Deployment) -> None:
    settings = deployed.world.settings
    deployed.world.hand_over(ANNS, "Ann Lee", "C-0001")
    (folder,) = pending(settings)
    whole = (folder / EXPORT).read_bytes()
    (folder / EXPORT).write_bytes(whole[:-20])
    deployed.offer()
    assert stage_offered(ALL, deployed.worker("one"))["quarantined"] == 1
    assert deployed.collect() == {"staged": 0, "quarantined": 1}
    (refused,) = quarantined(settings)
    assert read_reason(refused)["reason"] == Reason.UNREADABLE_SEAL
    assert (refused / EXPORT).read_bytes() == whole[:-20]
    assert deployed.copies() == []


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
        world = deployed.world
        world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        paused = Paused(deployed.worker("one"), monkeypatch)
        paused.start()
        with monkeypatch.context() as patch:
            patch.setattr(worker, "stage_batch", stage_batch)
            stage_offered(ALL, deployed.worker("two"))
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
        world = deployed.world
        world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        paused = Paused(deployed.worker("one"), monkeypatch)
        paused.start()
        with monkeypatch.context() as patch:
            patch.setattr(worker, "stage_batch", stage_batch)
            stage_offered(ALL, deployed.worker("two"))
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


class TestHostileOrWrong:
    def test_a_worker_with_other_keys_stages_nothing(self, deployed: Deployment) -> None:
        deployed.world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        stranger = deployed.worker("stranger")
        shutil.rmtree(stranger.keys)
        generate_keys(stranger.keys)
        with pytest.raises(CallerError, match="Nothing was staged"):
            stage_offered(ALL, stranger)

    @pytest.mark.parametrize("suffix", [".result", ".shard"])
    def test_what_comes_back_changed_is_not_taken_in(
        self, suffix: str, deployed: Deployment
    ) -> None:
        world = deployed.world
        world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        stage_offered(ALL, deployed.worker("one"))
        flip(deployed.store, suffix)
        with pytest.raises(StoreError, match="run intake again"):
            deployed.collect()
        assert deployed.staged() == []
        with pytest.raises(NotTakenInError):
            check_taken_in(world.settings, world.keys)
        deployed.offer()
        stage_offered(ALL, deployed.worker("one"))
        assert deployed.collect() == {"staged": 1, "quarantined": 0}

    @pytest.mark.parametrize("suffix", ["/offer", "/export"])
    def test_what_goes_out_changed_is_not_staged(self, suffix: str, deployed: Deployment) -> None:
        deployed.world.hand_over(ANNS, "Ann Lee", "C-0001")
        deployed.offer()
        flip(deployed.store, suffix)
        one = deployed.worker("one")
        with pytest.raises(StoreError, match="in the store is"):
            stage_offered(ALL, one)
        assert nothing_in_scratch(one)
        assert [name for name in deployed.copies() if ".result" in name] == []


def flip(store: Store, suffix: str) -> None:
    (name,) = (name for name in store.names() if name.endswith(suffix))
    content = bytearray(store.get(name) or b"")
    content[len(content) // 2] ^= 1
    store.put(name, bytes(content))


def test_a_rotation_leaves_nothing_sealed_to_the_old_keys(deployed: Deployment) -> None:
    world, before = deployed.world, deployed.worker("one")
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    deployed.offer()
    rotate(world.settings)
    assert deployed.store.names() == []
    deployed.offer()
    with pytest.raises(CallerError, match="rotated"):
        stage_offered(ALL, before)
    stage_offered(ALL, deployed.worker("two"))
    assert deployed.collect() == {"staged": 1, "quarantined": 0}


def test_the_store_and_scratch_tell_nothing_but_names_and_sizes(
    deployed: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at when they are fullest: claimed, fetched, staged, and before anything is removed."""
    world, one = deployed.world, deployed.worker("one")
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(TEAM, "Bob Ray", "C-0002")
    deployed.offer()
    seen: dict[str, bytes] = {}
    modes: set[str] = set()

    def look(*given: Any) -> None:
        seen.update({name: deployed.store.get(name) or b"" for name in deployed.store.names()})
        for path in one.scratch.rglob("*"):
            if path.is_file() and not path.is_relative_to(one.keys):
                seen[f"scratch/{path.name}"] = path.read_bytes()
        modes.update(oct(p.stat().st_mode & 0o777) for p in [one.scratch, *one.scratch.iterdir()])

    hands_back = worker._hand_back
    monkeypatch.setattr(worker, "_hand_back", lambda *a: (look(), hands_back(*a), look()))
    stage_offered(ALL, one)

    in_store = {name: content for name, content in seen.items() if "scratch/" not in name}
    assert len(in_store) == 1 + 1 + 2 * 4  # collection, claim; offer, export, shard, result
    folder = world.settings.inbox / ann.submission_id
    manifest = read_manifest((folder / MANIFEST).read_bytes())
    raw = (CANARY, "Ann Lee", "Bob Ray", "second van", *secrets_of(world))
    metadata = (
        ann.submission_id, ann.submission_id.replace("-", ""), "C-0001", ann.receipt,
        manifest.force, manifest.platform, manifest.export_sha256, "own_messages", "whole_chat",
        "lines_in", "classifier",
    )  # fmt: skip
    found = [(n, t) for n, c in seen.items() for t in raw if t.encode() in c or t in n]
    assert found == []
    found = [(n, t) for n, c in in_store.items() for t in metadata if t.encode() in c or t in n]
    assert found == []
    assert modes == {"0o700"}
