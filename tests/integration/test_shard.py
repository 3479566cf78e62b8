"""Shards: encrypted, named after their rows, written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.duck import open_memory
from pipelines.keys import Keys
from pipelines.staging.shard import ShardError, find_shards, rows_sha256, sidecar
from tests.warehouse_world import VERSIONS, row, stage

SECRET = "meet behind the custody suite"


def read_back(path: Path, keys: Keys) -> list[tuple[object, ...]]:
    with open_memory(keys.data) as connection:
        return connection.execute(
            "SELECT * FROM read_parquet(?, encryption_config = {footer_key: 'staged'})", [str(path)]
        ).fetchall()


def test_no_text_and_no_schema_can_be_read_without_the_key(tmp_path: Path, keys: Keys) -> None:
    shard = stage(tmp_path, keys, [row(n, text=SECRET) for n in range(50)])
    content = shard.path.read_bytes()
    assert SECRET.encode() not in content and b"contributor_key" not in content
    with pytest.raises(Exception, match="encrypted"):
        pq.read_table(shard.path)


def test_rows_come_back_as_they_were_staged(tmp_path: Path, keys: Keys) -> None:
    full = row(
        0, text=SECRET, sent_on=date(2026, 10, 25), sent_hour=1, entities={"PERSON": 2},
        risks={"DISC": 0.25, "OPS": 0.5}, flags=["OPS"], challenged=True, distinctive=True,
    )  # fmt: skip
    shard = stage(tmp_path, keys, [full, row(1)])
    expected = [tuple(getattr(r, name) for name in full.__slots__) for r in (full, row(1))]
    assert read_back(shard.path, keys) == expected
    assert find_shards(tmp_path) == [shard]


def test_files_are_private(tmp_path: Path, keys: Keys) -> None:
    shard = stage(tmp_path / "staged", keys, [row()])
    assert {oct(p.stat().st_mode & 0o777) for p in (shard.path, sidecar(shard.path))} == {"0o600"}
    assert oct(shard.path.parent.stat().st_mode & 0o777) == "0o700"


def test_staging_again_replaces_nothing(tmp_path: Path, keys: Keys) -> None:
    first = stage(tmp_path, keys, [row()])
    before = {
        path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.iterdir()
    }
    assert stage(tmp_path, keys, [row()]) == first
    after = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.iterdir()}
    assert after == before


def test_new_models_replace_the_submissions_shard_and_no_other(tmp_path: Path, keys: Keys) -> None:
    old = stage(tmp_path, keys, [row()])
    neighbour = stage(tmp_path, keys, [row(submission_key="s2")])
    new = stage(tmp_path, keys, [row(model_versions=VERSIONS | {"classifier": "2"})])
    assert new.path != old.path
    assert {shard.path for shard in find_shards(tmp_path)} == {new.path, neighbour.path}
    assert len(list(tmp_path.iterdir())) == 4


def test_an_unfinished_shard_is_not_seen_and_is_written_again(tmp_path: Path, keys: Keys) -> None:
    shard = stage(tmp_path, keys, [row()])
    sidecar(shard.path).unlink()
    shard.path.write_bytes(b"half of it")
    shard.path.with_suffix(".parquet.partial").write_bytes(b"less")
    assert find_shards(tmp_path) == []
    again = stage(tmp_path, keys, [row()])
    assert (again.path, len(read_back(again.path, keys))) == (shard.path, 1)
    assert len(list(tmp_path.iterdir())) == 2


CRASH = """
import os, signal, sys
from pathlib import Path
from pipelines.keys import load_keys
from tests.warehouse_world import row, stage

step, folder, keys = int(sys.argv[1]), Path(sys.argv[2]), load_keys(Path(sys.argv[3]))
replace, calls = Path.replace, 0
def dying(self, target):
    global calls
    calls += 1
    if calls == step:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = dying
stage(folder, keys, [row(n) for n in range(20)])
"""


@pytest.mark.parametrize("step", [1, 2], ids=["before the shard's", "before the sidecar's"])
def test_a_crash_before_a_rename_loses_and_doubles_nothing(
    step: int, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from pipelines.keys import generate_keys, load_keys

    folder, key_folder = tmp_path / "staged", tmp_path / "keys"
    generate_keys(key_folder)
    crashed = subprocess.run(
        [sys.executable, "-c", CRASH, str(step), str(folder), str(key_folder)],
        cwd=Path(__file__).parents[2], env=os.environ | {"PYTHONPATH": "."}, check=False,
    )  # fmt: skip
    assert crashed.returncode == -signal.SIGKILL
    assert find_shards(folder) == []
    rows = [row(n) for n in range(20)]
    shard = stage(folder, load_keys(key_folder), rows)
    assert len(read_back(shard.path, load_keys(key_folder))) == 20
    assert sorted(folder.iterdir()) == sorted([shard.path, sidecar(shard.path)])


def test_a_damaged_sidecar_is_named(tmp_path: Path, keys: Keys) -> None:
    shard = stage(tmp_path, keys, [row()])
    sidecar(shard.path).write_text("{")
    with pytest.raises(ShardError, match=f"{shard.path.stem}.json is damaged"):
        find_shards(tmp_path)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_any_text_survives_and_names_the_rows(texts: list[str], tmp_path: Path, keys: Keys) -> None:
    rows = [row(n, text=text) for n, text in enumerate(texts)]
    shard = stage(tmp_path / "staged", keys, rows)
    names = list(row().__slots__)
    assert [found[names.index("text")] for found in read_back(shard.path, keys)] == texts
    assert shard.path.stem.endswith(rows_sha256(rows))
