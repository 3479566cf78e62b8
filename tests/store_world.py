"""Home and workers that share nothing but a store.

Workers run the real de-identification in a home of their own that has the keys and nothing else. A
second attempt, another worker, a lost one: each is played to the moment that matters.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.erasure.withdraw import withdraw
from pipelines.settings import Settings
from pipelines.staging.pool import stage_batch
from pipelines.staging.shard import find_shards
from pipelines.storage import worker
from pipelines.storage.collect import collect
from pipelines.storage.letters import code_of
from pipelines.storage.objects import Store, open_store
from pipelines.storage.offers import offer
from pipelines.storage.worker import stage_offered
from tests.erasure_world import TODAY, Handed, World

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


def ann_code(deployed: Deployment, ann: Handed) -> str:
    return code_of(ann.submission_id, deployed.world.keys)


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
