"""Rotating the keys: all opens with the new ones, nothing with the old, whatever stops it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.duck import open_memory, read_sql
from pipelines.errors import CallerError, CandourError, Reason
from pipelines.intake.inbox import pending, quarantine, quarantined
from pipelines.intake.read import read_chats
from pipelines.intake.seal import opens
from pipelines.intake.source import EXPORT, open_sealed
from pipelines.keys import Keys, load_keys
from pipelines.release.baseline import Baseline, keep_baseline, kept_history, reseal_baselines
from pipelines.release.cells import Cell
from pipelines.release.enclave import hand_on
from pipelines.rotation.rotate import rotate
from pipelines.settings import REPOSITORY, Settings
from pipelines.staging.shard import find_shards
from pipelines.warehouse.connect import WrongKeyError, open_warehouse
from pipelines.warehouse.load import load_staged
from tests.erasure_world import ANNS, CANARY, OTHERS, TEAM, World
from tests.warehouse_world import everything

MONTH = "2026-10"
PEOPLE = {Cell(MONTH, "EW"): 40}
DONE = {"sealed_exports": 3, "unreadable_exports": 0, "shards": 2, "warehouses": 1, "baselines": 2}


@dataclass(frozen=True)
class Before:
    """A collection with something under every key, the keys it had, and what was in it."""

    world: World
    keys: Keys
    texts: Any
    rows: Any


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    """Two exports loaded, one in quarantine, a release's counts and a draft's."""
    world = World(tmp_path_factory.mktemp("before"))
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(TEAM, "Bob Ray", "C-0002")
    world.load()
    settings = world.settings
    third = world.hand_over(OTHERS, "Dee Fox", "C-0003")
    quarantine(settings.inbox / third.submission_id, Reason.TIMED_OUT, settings)
    keep_baseline(Baseline({}, PEOPLE), MONTH, settings)
    hand_on(MONTH, settings)
    return Before(world, world.keys, texts(settings, world.keys), rows(settings, world.keys))


@pytest.fixture
def settings(before: Before, tmp_path: Path) -> Settings:
    """A copy of its home."""
    shutil.copytree(before.world.settings.home, tmp_path / "home")
    return Settings(home=tmp_path / "home")


def texts(settings: Settings, keys: Keys) -> list[Any]:
    """Every sealed message."""
    return [
        (folder.name, [(m.sender, m.text) for chat in chats for m in chat.messages])
        for folder in (*pending(settings), *quarantined(settings))
        for chats in [read_chats(open_sealed(folder, keys.identity).source, settings)]
    ]


def rows(settings: Settings, keys: Keys) -> Any:
    """Every row of the warehouse, and of its shards; the files' hashes apart, which do change."""
    with open_warehouse(settings.warehouse, keys.data, read_only=True) as connection:
        tables = everything(connection)
        submissions = connection.execute(
            "SELECT * EXCLUDE (file_sha256) FROM core.submission ORDER BY ALL"
        ).fetchall()
    with open_memory(keys.data) as connection:
        shards = [
            connection.execute(
                "FROM read_parquet(?, encryption_config = {footer_key: 'staged'})", [str(s.path)]
            ).fetchall()
            for s in find_shards(settings.staged)
        ]
    return tables | {"core.submission": submissions}, shards


def assert_rotated(settings: Settings, before: Before) -> None:
    """The same is there under the new keys; the old ones open none of it."""
    keys, old = load_keys(settings.keys), before.keys
    assert (texts(settings, keys), rows(settings, keys)) == (before.texts, before.rows)
    assert kept_history([MONTH], settings, MONTH).people == PEOPLE
    with open_warehouse(settings.warehouse, keys.data) as connection:
        assert load_staged(connection, settings, keys)["shards_loaded"] == 0
        files = connection.execute("SELECT file_sha256 FROM core.submission").fetchall()
    assert {f for (f,) in files} == {s.file_sha256 for s in find_shards(settings.staged)}

    exports = list(settings.home.rglob(f"{EXPORT}*"))
    assert len(exports) == 3 and not any(opens(path, old.identity) for path in exports)
    with open_memory(old.data) as connection:
        for path in settings.staged.glob("*.parquet*"):
            with pytest.raises(duckdb.Error):
                connection.execute(read_sql("staging/opens.sql"), {"path": str(path)})
    with pytest.raises(WrongKeyError), open_warehouse(settings.warehouse, old.data):
        pass
    with pytest.raises(CallerError, match="another data key"):
        reseal_baselines(settings, old.data, "0" * 64)
    secrets = [old.data.encode(), str(old.identity).encode(), CANARY.encode()]
    files = [path.read_bytes() for path in settings.home.rglob("*") if path.is_file()]
    assert not any(secret in content for secret in secrets for content in files)
    assert sorted(p.name for p in settings.keys.iterdir()) == [
        "collection.key", "collection.pub", "data.key", "pseudonym.key",
    ]  # fmt: skip
    assert sorted(p.name for p in settings.home.glob("warehouse*")) == ["warehouse.duckdb"]


def test_everything_opens_with_the_new_keys_and_nothing_with_the_old(
    settings: Settings, before: Before
) -> None:
    assert rotate(settings) == DONE
    assert_rotated(settings, before)
    assert rotate(settings) == DONE  # and once more


def test_pseudonyms_stay(settings: Settings, before: Before) -> None:
    """Receipts find their submissions, and a later export of a chat is recognised."""
    rotate(settings)
    assert load_keys(settings.keys).pseudonym == before.keys.pseudonym


KILLER = """
import importlib, os, signal, sys
module, name, when, calls = sys.argv[1].split(":")
place = importlib.import_module(module)
real, left = getattr(place, name), [int(calls)]
def wrapped(*args, **kwargs):
    left[0] -= 1
    if left[0]:
        return real(*args, **kwargs)
    if when == "after":
        real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(place, name, wrapped)
from pipelines.cli import main
sys.argv = ["candour", "keys", "rotate"]
main()
"""

MOMENTS = [
    "pipelines.rotation.rotate:generate_rotated:after:1",
    "pipelines.rotation.rotate:reencrypt_data:before:1",
    "pipelines.rotation.data:publish_file:before:1",
    "pipelines.rotation.data:publish_file:after:1",  # one shard changed, its sidecar not
    "pipelines.rotation.data:write_sidecar:after:1",
    "pipelines.rotation.data:publish_file:after:2",
    "pipelines.rotation.data:record_files:after:1",
    "pipelines.warehouse.compact:_copy:after:1",
    "pipelines.warehouse.compact:_sync:after:1",  # the copy is whole, not yet in place
    "pipelines.rotation.data:compact:after:1",
    "pipelines.release.baseline:write:before:1",
    "pipelines.release.baseline:write:after:1",
    "pipelines.rotation.rotate:_adopt:before:1",
    "pipelines.rotation.rotate:_adopt:after:1",
    "pipelines.rotation.exports:reseal:after:1",
    "pipelines.rotation.exports:sync_folder:before:1",
    "pipelines.rotation.exports:sync_folder:after:2",
    "pipelines.rotation.rotate:_adopt:after:2",  # the public key is new, the private one is not
    "pipelines.rotation.rotate:_adopt:after:3",
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_and_run_again(moment: str, settings: Settings, before: Before) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLER, moment],
        cwd=REPOSITORY,
        env={"CANDOUR_HOME": str(settings.home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-500:]
    if (settings.keys / "next").exists():
        with pytest.raises(CallerError, match="finish it with `candour keys rotate`"):
            load_keys(settings.keys)

    rotate(settings)
    assert_rotated(settings, before)


def test_a_warehouse_in_use_is_refused_before_anything_changes(
    settings: Settings, before: Before
) -> None:
    hold = (
        "import sys; from pathlib import Path; from pipelines.warehouse.connect import *\n"
        "with open_warehouse(Path(sys.argv[1]), sys.stdin.readline().strip()):\n"
        "    sys.stdout.write('open\\n'); sys.stdout.flush(); sys.stdin.readline()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(settings.warehouse)], cwd=REPOSITORY, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as holder:  # fmt: skip
        assert holder.stdin and holder.stdout
        holder.stdin.write(before.keys.data + "\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(CallerError, match="in use by another process"):
            rotate(settings)
        holder.communicate("done\n")
    assert load_keys(settings.keys).data == before.keys.data


def test_an_export_that_no_key_opens_stays_and_is_counted(settings: Settings) -> None:
    export = pending(settings)[0] / EXPORT
    export.write_bytes(b"age-encryption.org/v1\nnot really")
    done = rotate(settings)
    assert (done["sealed_exports"], done["unreadable_exports"]) == (2, 1)
    assert export.read_bytes().endswith(b"not really")


def test_a_damaged_shard_is_named_and_can_be_put_right(settings: Settings, before: Before) -> None:
    path = find_shards(settings.staged)[0].path
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    with pytest.raises(CandourError, match=path.name):
        rotate(settings)
    path.write_bytes(whole)
    rotate(settings)
    assert_rotated(settings, before)


def test_what_a_killed_submit_or_stage_left_is_not_kept_under_the_old_key(
    settings: Settings, before: Before
) -> None:
    room = settings.inbox / ".half"
    shutil.copytree(pending(settings)[0], room)
    shard = find_shards(settings.staged)[0].path
    half = shard.with_suffix(".parquet.partial")
    shutil.copy(shard, half)
    rotate(settings)
    assert not room.exists() and not half.exists()
    assert_rotated(settings, before)


def test_a_collection_without_keys_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="candour keys generate"):
        rotate(Settings(home=tmp_path / "none"))
