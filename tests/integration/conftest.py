"""Real keys, a real, empty, encrypted warehouse, a home and its store."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.staging.stage import Tools
from pipelines.warehouse.connect import open_warehouse
from tests.erasure_world import World
from tests.store_world import Deployment
from tests.stores import any_store


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys") / "keys"
    generate_keys(folder)
    return load_keys(folder)


@pytest.fixture
def warehouse(tmp_path: Path, keys: Keys) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(tmp_path / "warehouse.duckdb", keys.data) as connection:
        yield connection


@pytest.fixture(params=["file", "s3"])
def deployed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployment]:
    """A home and its store, once a folder and once an S3 server."""
    monkeypatch.setattr(Tools, "load", cache(Tools.load))
    with any_store(request.param, tmp_path, monkeypatch) as url:
        yield Deployment(World(tmp_path, store=url, stage_workers=0), tmp_path)
