"""Planted identifiers of every type go through a whole run, with a kill, a quarantine and a task
that fails on the way: none is in any byte outside the sealed inbox.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.keys import load_keys
from pipelines.synthetic.canaries import Canary
from pipelines.warehouse.connect import open_warehouse
from tests.conftest import CANARIES, FinishedRun
from tests.privacy.scan import Needles, encodings, find_leaks


def _needles(run: FinishedRun) -> list[str]:
    return [needle for canary in run.collection.canaries for needle in canary.needles]


def test_the_canaries_were_really_planted(finished_run: FinishedRun) -> None:
    """In the volunteers' own exports, which never were in the collection's home."""
    canaries = finished_run.collection.canaries
    assert len(canaries) == CANARIES >= 500
    assert min(Counter(c.type for c in canaries).values()) == CANARIES // 11
    exports = finished_run.plain_exports()
    assert all(c.needles[0].encode() in exports for c in canaries)


def test_what_went_wrong_really_did(finished_run: FinishedRun) -> None:
    """A stage was killed with some staged, one was quarantined, and Airflow has a failed task."""
    assert 0 < finished_run.staged_when_killed < len(finished_run.collection.submissions)
    assert finished_run.quarantined == 1
    with closing(sqlite3.connect(finished_run.settings.airflow_home / "airflow.db")) as metadata:
        states = Counter(metadata.execute("SELECT task_id, state FROM task_instance").fetchall())
    assert states["gate_staged", "failed"] == 1
    assert states["gate_staged", "success"] == 1


def test_no_byte_of_home_airflow_logs_or_temp_holds_one(finished_run: FinishedRun) -> None:
    folders = [finished_run.settings.home, finished_run.temp]
    assert find_leaks(folders, _needles(finished_run)) == []


def test_nor_does_the_warehouse_once_decrypted(finished_run: FinishedRun) -> None:
    settings = finished_run.settings
    key = load_keys(settings.keys).data
    with open_warehouse(settings.warehouse, key, read_only=True) as connection:
        texts = connection.sql("SELECT text FROM core.message").fetchall()
    everything = "\n".join(text for (text,) in texts if text).lower()
    assert len(texts) > 1000
    assert [n for n in _needles(finished_run) if n.lower() in everything] == []


def test_nor_what_the_analyst_saw(finished_run: FinishedRun) -> None:
    assert [n for n in _needles(finished_run) if n in finished_run.screen] == []


def _one_of_each(canaries: tuple[Canary, ...]) -> list[Canary]:
    return list({canary.type: canary for canary in canaries}.values())


@pytest.mark.parametrize("place", ["airflow/logs/leak.log", "releases/leak.html", "leak.sqlite"])
def test_a_planted_leak_of_any_type_in_any_encoding_is_found(
    place: str, finished_run: FinishedRun
) -> None:
    """In the very folders that were found clean."""
    path: Path = finished_run.settings.home / place
    needles = Needles(_needles(finished_run))
    for canary in _one_of_each(finished_run.collection.canaries):
        for form in encodings(canary.needles[0]):
            assert needles.found(b"\x00before " + form + b"\xff") == {canary.needles[0]}
    leaked = _one_of_each(finished_run.collection.canaries)
    path.write_bytes(b"\n".join(canary.needles[0].lower().encode("utf-16-le") for canary in leaked))
    try:
        found = find_leaks([finished_run.settings.home], _needles(finished_run))
    finally:
        path.unlink()
    assert found == [(path, len(leaked))]
