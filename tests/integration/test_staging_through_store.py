"""What workers stage through a store: the rows the home would have, from nobody else's hands."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from pipelines.errors import CallerError, Reason
from pipelines.intake.inbox import pending, quarantined, read_reason
from pipelines.intake.manifest import read_manifest
from pipelines.intake.source import EXPORT, MANIFEST
from pipelines.keys import generate_keys
from pipelines.rotation.rotate import rotate
from pipelines.staging.shard import find_shards
from pipelines.storage import worker
from pipelines.storage.letters import code_of
from pipelines.storage.objects import Store, StoreError
from pipelines.storage.offers import NotTakenInError, check_taken_in
from pipelines.storage.worker import stage_offered
from tests.erasure_world import ANNS, CANARY, OTHERS, TEAM, World
from tests.store_world import ALL, Deployment, nothing_in_scratch


def secrets_of(world: World) -> list[str]:
    """The collection's keys but for the public one, as their files hold them."""
    return [path.read_text().strip() for path in world.settings.keys.glob("*.key")]


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
