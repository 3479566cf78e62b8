"""The main job with staging through a bucket: the same release, and nothing told on the way.

One collection is run twice through both DAGs: in its own home, and with workers' side of staging
reached through a real S3 server alone.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from moto.s3.models import S3Backend
from rich.console import Console

from pipelines.demo import submit_collection
from pipelines.intake.inbox import pending, sealed_bytes
from pipelines.keys import generate_keys
from pipelines.settings import Settings
from pipelines.staging.shard import find_shards
from pipelines.storage.objects import open_store
from pipelines.synthetic.generate import Collection, generate
from tests.conftest import MONTH, run_both_dags
from tests.privacy.scan import Needles, find_leaks
from tests.stores import CREDENTIALS, s3_server


@dataclass
class Runs:
    """The same collection, staged at home and through the store at ``url``, which was ``put`` these
    objects in turn and at last held those ``left``.
    """

    home: Settings
    through: Settings
    collection: Collection
    url: str
    temp: Path
    put: list[tuple[str, bytes]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("runs")
    temp = tmp_path_factory.mktemp("temp")
    home, through = Settings(home=folder / "home"), Settings(home=folder / "through")
    collection = generate(
        folder / "volunteers",
        forces=2, volunteers=12, months=1, end_month=MONTH, seed=7, canaries=110,
    )  # fmt: skip
    generate_keys(home.keys)
    submit_collection(collection, home, Console(file=StringIO()))
    shutil.copytree(home.home, through.home)
    with pytest.MonkeyPatch.context() as patch:
        done = run_both_dags(home, temp)
        assert done.returncode == 0, done.stderr[-3000:]
        with s3_server(folder, patch) as url:
            runs = Runs(home, through, collection, url, temp)
            _record(runs.put, patch)
            patch.setenv("CANDOUR_STORE", url)
            half = sum(map(sealed_bytes, pending(home))) // 2 + 1
            patch.setenv("CANDOUR_BATCH_BYTES", str(half))  # two tasks or three
            done = run_both_dags(through, temp)
            assert done.returncode == 0, done.stderr[-3000:]
            runs.left = open_store(url).names()
            yield runs


def _record(put: list[tuple[str, bytes]], patch: pytest.MonkeyPatch) -> None:
    """Keep whatever the server is given."""
    keep = S3Backend.put_object

    def kept(
        self: Any, bucket_name: str, key_name: str, value: bytes, *rest: Any, **by: Any
    ) -> Any:
        put.append((key_name, bytes(value)))
        return keep(self, bucket_name, key_name, value, *rest, **by)

    patch.setattr(S3Backend, "put_object", kept)


def files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_everything_went_through_the_store(runs: Runs) -> None:
    number = len(runs.collection.submissions)
    kinds = [name.rpartition(".")[2].rpartition("/")[2] for name, _ in runs.put]
    assert [kinds.count(k) for k in ("offer", "export", "shard", "result")] == [number] * 4
    claims = {name for name, _ in runs.put if "/claims/" in name}
    assert len(claims) > 1  # tasks, each with a share of the bytes
    assert len(pending(runs.through)) == number


def test_the_same_rows_were_staged(runs: Runs) -> None:
    here, there = (
        {s.path.name: (s.sha256, s.counts, s.received_at) for s in find_shards(settings.staged)}
        for settings in (runs.home, runs.through)
    )
    assert here == there != {}


def test_the_release_is_the_same_byte_for_byte(runs: Runs) -> None:
    here, there = (files(s.releases / MONTH) for s in (runs.home, runs.through))
    assert set(here) == set(there)
    assert "trends.csv" in here
    assert sorted(name for name in here if here[name] != there[name]) == []


def test_nothing_is_left_in_the_store_or_in_scratch(runs: Runs) -> None:
    assert runs.left == ["collection"]
    assert list(runs.through.scratch.iterdir()) == []


def test_no_planted_identity_crossed_to_the_store_or_stayed_at_a_worker(runs: Runs) -> None:
    values = [needle for canary in runs.collection.canaries for needle in canary.needles]
    needles = Needles(values)
    assert [name for name, content in runs.put if needles.found(content)] == []
    assert find_leaks([runs.through.home, runs.temp], values) == []


def test_what_crossed_names_no_submission_contributor_or_force(runs: Runs) -> None:
    said: set[str] = set()
    for folder in pending(runs.through):
        manifest = json.loads((folder / "manifest.json").read_bytes())
        said |= {folder.name, manifest["contributor"], manifest["force"], manifest["export_sha256"]}
    said |= {shard.submission_key for shard in find_shards(runs.through.staged)}
    crossed = [name.encode() + b"\n" + content for name, content in runs.put]
    assert [value for value in said if any(value.encode() in one for one in crossed)] == []


def test_airflow_holds_neither_the_stores_address_nor_its_credentials(runs: Runs) -> None:
    """Not in what tasks hand each other, nor in any other row or log."""
    secret = CREDENTIALS.split()[-1]
    values = [secret, runs.url, runs.url.split("/")[2], "aws-credentials"]
    assert find_leaks([runs.through.airflow_home, runs.temp], values) == []
