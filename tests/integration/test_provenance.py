"""What a manifest says of versions and inputs: of many people, and nothing of one submission."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines import tasks
from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.release.build import build_release
from pipelines.release.provenance import Source, versions_behind
from pipelines.settings import Settings
from pipelines.staging.shard import find_shards
from pipelines.verify_command import run_verify
from pipelines.warehouse.load import load_shards
from pipelines.warehouse.marts import build_marts
from tests.warehouse_world import row, stage

OCTOBER, NOVEMBER = date(2026, 10, 5), date(2026, 11, 5)
MESSAGES = 10


def volunteer(
    folder: Path, keys: Keys, name: str, classifier: str = "1", day: date = OCTOBER
) -> None:
    """Stage ten messages of a contributor; three chats are shared among all."""
    said = {
        "submission_key": f"s-{name}",
        "contributor_key": name,
        "author_key": f"a-{name}",
        "chat_key": f"chat-{sum(name.encode()) % 3}",
        "model_versions": {"classifier": classifier, "deidentifier": "7"},
        "sent_on": day,
    }
    stage(folder, keys, [row(n, fingerprint=f"{name} {n}", **said) for n in range(MESSAGES)])


def load(con: duckdb.DuckDBPyConnection, folder: Path, keys: Keys) -> None:
    load_shards(con, find_shards(folder), keys)
    build_marts(con)


# contributors by classifier version: what is said of classifiers
VERSIONS = """
1:12          1
1:12,2:9      1
1:12,2:10     1,2
1:9           -
1:9,2:9       -
"""


@pytest.mark.parametrize("case", VERSIONS.strip().splitlines())
def test_a_version_is_named_where_enough_people_stand_behind_it(
    case: str, tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    by_version, said = case.split()
    for entry in by_version.split(","):
        version, people = entry.split(":")
        for n in range(int(people)):
            volunteer(tmp_path, keys, f"v{version}-{n}", version)
    load(warehouse, tmp_path, keys)
    known = versions_behind(warehouse, ["2026-10"])
    assert known.get("classifier", []) == ([] if said == "-" else said.split(","))
    assert versions_behind(warehouse, ["2026-11"]) == {}


def test_one_submission_of_another_version_changes_nothing_said(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for n in range(12):
        volunteer(tmp_path, keys, f"c{n}")
    load(warehouse, tmp_path, keys)
    before = versions_behind(warehouse, ["2026-10"])
    volunteer(tmp_path, keys, "late", "0-old")
    load(warehouse, tmp_path, keys)
    assert versions_behind(warehouse, ["2026-10"]) == before
    assert before == {"classifier": ["1"], "deidentifier": ["7"]}


def test_inputs_are_known_only_with_the_key_and_for_one_release(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for n in range(12):
        volunteer(tmp_path, keys, f"c{n}")
    load(warehouse, tmp_path, keys)
    source = Source(warehouse, keys.data)
    said = source.inputs_hmac("2026-10", ["2026-10"])
    assert len(said) == 64
    assert source.inputs_hmac("2026-10", ["2026-10"]) == said
    assert Source(warehouse, "00" * 32).inputs_hmac("2026-10", ["2026-10"]) != said
    assert source.inputs_hmac("2026-11", ["2026-10"]) != said
    volunteer(tmp_path, keys, "another-month", day=NOVEMBER)
    load(warehouse, tmp_path, keys)
    assert source.inputs_hmac("2026-10", ["2026-10"]) == said
    volunteer(tmp_path, keys, "same-month")
    load(warehouse, tmp_path, keys)
    assert source.inputs_hmac("2026-10", ["2026-10"]) != said


def test_the_manifest_says_both_and_no_plain_hash(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for n in range(12):
        volunteer(tmp_path, keys, f"c{n}")
    load(warehouse, tmp_path, keys)
    source = Source(warehouse, keys.data)
    draft = build_release(warehouse, "2026-10", Settings(home=tmp_path / "home"), source)
    manifest = json.loads((draft / "manifest.json").read_text())
    assert manifest["versions"] == {"classifier": ["1"], "deidentifier": ["7"]}
    assert manifest["inputs_hmac_sha256"] == source.inputs_hmac("2026-10", ["2026-10"])
    assert "inputs_sha256" not in manifest


def test_verify_says_whether_the_inputs_are_still_as_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tasks' own bodies. A late upload changes the inputs, which is nobody's fault."""
    monkeypatch.setenv("CANDOUR_HOME", str(tmp_path / "home"))
    settings = Settings()
    generate_keys(settings.keys)
    keys = load_keys(settings.keys)
    for n in range(12):
        volunteer(settings.staged, keys, f"c{n}")
    tasks.load()
    tasks.build_marts()
    tasks.publish(tasks.audit_release(tasks.gate_release(tasks.draft_release("2026-10"))))
    (found,) = run_verify(None, settings)
    assert (found.problems, found.inputs_as_loaded) == ((), True)
    volunteer(settings.staged, keys, "late")
    tasks.load()
    (found,) = run_verify("2026-10", settings)
    assert (found.problems, found.inputs_as_loaded) == ((), False)
