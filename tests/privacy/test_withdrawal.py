"""A volunteer of a whole collection withdraws: no byte of theirs is left, Airflow's included.

The collection went through both DAGs with real de-identification; `candour withdraw` runs as it
would at a prompt. What is proved byte by byte: identifiers and canaries in every file, and in every
decrypted row, of the home.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.duck import open_memory
from pipelines.intake.inbox import pending
from pipelines.intake.manifest import read_manifest
from pipelines.intake.receipt import RECEIPT, new_code, receipt_file
from pipelines.intake.source import MANIFEST
from pipelines.keys import load_keys
from pipelines.settings import REPOSITORY, Settings
from pipelines.staging.rows import contributor_key, submission_key
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger
from tests.conftest import FinishedRun
from tests.privacy.scan import find_leaks

COLUMNS = ("submission_key", "contributor_key", "chat_key", "author_key")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A copy of the finished run's home after a withdrawal. ``codes`` are all its keyed codes."""

    settings: Settings
    submission_id: str
    codes: set[bytes]
    receipt: str
    certificate: dict[str, object]
    said: str
    inode: int


@pytest.fixture(scope="module")
def withdrawn(
    finished_run: FinishedRun, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Withdrawn]:
    """The first submission of a contributor who has no other, with a receipt that is known."""
    home = tmp_path_factory.mktemp("withdrawn") / "home"
    shutil.copytree(finished_run.settings.home, home)
    settings, keys = Settings(home=home), load_keys(home / "keys")
    folder = _only_one_of_its_contributor(settings)
    receipt = new_code()
    (folder / RECEIPT).write_bytes(receipt_file(receipt, keys.pseudonym))
    codes = _codes(settings, submission_key(folder.name, keys))
    manifest = read_manifest((folder / MANIFEST).read_bytes())
    assert contributor_key(manifest.contributor, keys) in codes
    inode = settings.warehouse.stat().st_ino
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "withdraw", receipt,
         "--json"],
        cwd=REPOSITORY,
        env={"CANDOUR_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    certificate = json.loads(done.stdout)
    yield Withdrawn(
        settings, folder.name, codes, receipt, certificate, done.stdout + done.stderr, inode
    )


def _only_one_of_its_contributor(settings: Settings) -> Path:
    by_contributor: dict[str, list[Path]] = {}
    for folder in pending(settings):
        manifest = read_manifest((folder / MANIFEST).read_bytes())
        by_contributor.setdefault(manifest.contributor, []).append(folder)
    return next(folders[0] for folders in by_contributor.values() if len(folders) == 1)


def _codes(settings: Settings, key: bytes) -> set[bytes]:
    with open_warehouse(
        settings.warehouse, load_keys(settings.keys).data, read_only=True
    ) as connection:
        rows = connection.execute(
            f"SELECT DISTINCT {', '.join(COLUMNS)} FROM core.message WHERE submission_key = ?",
            [key],
        ).fetchall()
    return {bytes(code) for row in rows for code in row}


def test_there_was_something_to_erase(withdrawn: Withdrawn) -> None:
    removed = withdrawn.certificate["removed"]
    assert isinstance(removed, dict)
    assert removed["rows of core.message"] > 10
    assert (removed["sealed_exports"], removed["staged_files"]) == (1, 2)
    assert len(withdrawn.codes) >= 4


def test_no_byte_of_the_home_names_it(withdrawn: Withdrawn) -> None:
    raw = {*withdrawn.codes, bytes.fromhex(withdrawn.submission_id.replace("-", ""))}
    texts = [*(code.hex() for code in raw), withdrawn.submission_id, withdrawn.receipt]
    home = withdrawn.settings.home
    assert find_leaks([home], texts) == []
    files = [path for path in home.rglob("*") if path.is_file()]
    assert [p for p in files for code in raw if code in p.read_bytes()] == []


def test_no_decrypted_row_names_it(withdrawn: Withdrawn) -> None:
    key = load_keys(withdrawn.settings.keys).data
    with open_warehouse(withdrawn.settings.warehouse, key, read_only=True) as connection:
        read_ledger(connection)
        columns = connection.execute(
            'SELECT format(\'"{}"."{}"\', table_schema, table_name), column_name '
            "FROM information_schema.columns "
            "WHERE table_catalog = 'warehouse' AND data_type = 'BLOB'"
        ).fetchall()
        found = [
            (table, column)
            for table, column in columns
            for (code,) in connection.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()
            if bytes(code) in withdrawn.codes
        ]
    assert ('"core"."message"', "author_key") in columns
    assert found == []


def test_no_decrypted_shard_names_it(withdrawn: Withdrawn) -> None:
    settings = withdrawn.settings
    with open_memory(load_keys(settings.keys).data) as connection:
        codes = connection.execute(
            f"SELECT DISTINCT unnest([{', '.join(COLUMNS)}]) "
            "FROM read_parquet(?, encryption_config = {footer_key: 'staged'})",
            [[str(path) for path in settings.staged.glob("*.parquet")]],
        ).fetchall()
    assert len(codes) > 50
    assert withdrawn.codes & {bytes(code) for (code,) in codes} == set()


def test_no_canary_is_left_either(withdrawn: Withdrawn, finished_run: FinishedRun) -> None:
    needles = [needle for canary in finished_run.collection.canaries for needle in canary.needles]
    assert find_leaks([withdrawn.settings.home], needles) == []


def test_the_warehouse_is_another_file_and_releases_are_the_same(
    withdrawn: Withdrawn, finished_run: FinishedRun
) -> None:
    settings = withdrawn.settings
    assert settings.warehouse.stat().st_ino != withdrawn.inode
    assert sorted(p.name for p in settings.home.glob("warehouse*")) == ["warehouse.duckdb"]
    before, after = (
        {p.relative_to(home): p.read_bytes() for p in home.rglob("*") if p.is_file()}
        for home in (finished_run.settings.releases, settings.releases)
    )
    assert after == before != {}


def test_what_was_said_names_nobody(withdrawn: Withdrawn) -> None:
    texts = [withdrawn.receipt, withdrawn.submission_id, *(c.hex() for c in withdrawn.codes)]
    assert [text for text in texts if text in withdrawn.said] == []
