"""Real keys and a real, empty, encrypted warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.warehouse.connect import open_warehouse


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys") / "keys"
    generate_keys(folder)
    return load_keys(folder)


@pytest.fixture
def warehouse(tmp_path: Path, keys: Keys) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(tmp_path / "warehouse.duckdb", keys.data) as connection:
        yield connection
