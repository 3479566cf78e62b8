"""Fifty planted identifiers go through a whole run: none is in any byte outside the inbox."""

from __future__ import annotations

from pipelines.keys import load_keys
from pipelines.warehouse.connect import open_warehouse
from tests.conftest import CANARIES, FinishedRun
from tests.privacy.scan import find_leaks


def _needles(run: FinishedRun) -> list[str]:
    return [needle for canary in run.collection.canaries for needle in canary.needles]


def test_the_canaries_were_really_planted(finished_run: FinishedRun) -> None:
    """In the volunteers' own exports, which never were in the collection's home."""
    canaries = finished_run.collection.canaries
    assert len(canaries) == CANARIES
    exports = finished_run.plain_exports()
    assert all(c.needles[0].encode() in exports for c in canaries)


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
