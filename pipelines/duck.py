"""DuckDB with encryption: one place that loads it, names its keys and finds SQL files.

Encrypted databases, Parquet and spill files need OpenSSL, which DuckDB takes from its signed
``httpfs`` extension. The ``duckdb-extension-httpfs`` package carries the file, so nothing is
downloaded; and nothing may be, since automatic installation is off.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import duckdb

from pipelines.settings import REPOSITORY

SQL = REPOSITORY / "sql"
SHARD_KEY_NAME = "staged"
MEMORY_LIMIT = "1300MB"  # Python and Arrow come on top: 2 GB in all (docs/measured-warehouse.md)
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "enable_external_file_cache": "false",  # it would hold a month's shards, each of them read once
    "memory_limit": MEMORY_LIMIT,
    "temp_directory": "",  # without a place to spill nothing can be left in one
}


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory connection that can encrypt. Spills nowhere unless told where."""
    connection = duckdb.connect(":memory:", config=CONFIG)
    connection.load_extension(str(_httpfs()))
    connection.execute("SET temp_file_encryption = true")
    connection.execute("SET enable_progress_bar = false")  # it would be among a command's JSON
    return connection


def open_memory(data_key: str) -> duckdb.DuckDBPyConnection:
    """``connect``, able to read and write staged shards."""
    connection = connect()
    allow_shards(connection, data_key)
    return connection


def allow_shards(
    connection: duckdb.DuckDBPyConnection, data_key: str, name: str = SHARD_KEY_NAME
) -> None:
    """Let ``connection`` use the shards' key, by its name."""
    key = literal(_shard_key(data_key))
    connection.execute(f"PRAGMA add_parquet_key('{name}', {key})")


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of what is done within, or, where it raises, none of it."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()  # where it fails, DuckDB has rolled back already


@contextmanager
def in_any_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Where rows are numbered by themselves, DuckDB need not keep the order it read them in: ten
    million take a fifth less work (docs/measured-warehouse.md).
    """
    connection.execute("SET preserve_insertion_order = false")
    try:
        yield
    finally:
        connection.execute("SET preserve_insertion_order = true")


def literal(value: str) -> str:
    """``value`` as a SQL string, for the few statements that take no parameters (ATTACH, COPY)."""
    return "'" + value.replace("'", "''") + "'"


def read_sql(name: str) -> str:
    """The text of ``sql/<name>``."""
    return (SQL / name).read_text(encoding="utf-8")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _httpfs() -> Path:
    folder = files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}"
    return Path(str(folder / "httpfs.duckdb_extension"))


def _shard_key(data_key: str) -> str:
    """A key for shards alone, derived from the data key: one key, one use. Base64, 256 bits."""
    derived = hmac.digest(data_key.encode(), b"staged parquet", "sha256")
    return base64.b64encode(derived).decode()
