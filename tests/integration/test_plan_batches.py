"""What a run of intake finds to stage: what is new, and nothing where nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import tasks
from pipelines.staging.shard import find_shards, sidecar
from tests.erasure_world import ANNS, OTHERS, World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path)
    monkeypatch.setenv("CANDOUR_HOME", str(world.settings.home))
    monkeypatch.setenv("CANDOUR_STAGE_WORKERS", "0")
    return world


def stage() -> list[dict[str, int]]:
    return [tasks.stage(batch) for batch in tasks.plan_batches()]


def test_what_is_staged_is_not_planned_again(world: World) -> None:
    assert stage() == []
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    (first,) = stage()
    assert first["staged"] == 1
    assert stage() == []
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    (second,) = stage()
    assert (second["staged"], second["already_staged"]) == (1, 1)
    assert stage() == []


def test_one_whose_shard_has_gone_is_staged_again(world: World) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    stage()
    (shard,) = find_shards(world.settings.staged)
    shard.path.unlink()
    sidecar(shard.path).unlink()
    (again,) = stage()
    assert again["staged"] == 1


def test_one_whose_sidecar_is_damaged_is_left_to_staging_to_name(world: World) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    (shard,) = world.stage()
    sidecar(shard.path).write_text("{")
    (batch,) = tasks.plan_batches()
    with pytest.raises(Exception, match=f"{sidecar(shard.path)} is damaged: delete it"):
        tasks.stage(batch)
