"""Opening the warehouse: encrypted, private, one schema, clear refusals."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.classify.taxonomy import CODES, load_taxonomy
from pipelines.duck import literal
from pipelines.errors import CallerError
from pipelines.keys import Keys
from pipelines.warehouse.connect import WarehouseBusyError, in_turn, open_warehouse
from tests.warehouse_world import table

OTHER_KEY = "0" * 64


def test_a_wrong_key_is_refused_without_showing_any_key(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path, keys.data):
        pass
    before = path.read_bytes()
    with (
        pytest.raises(CallerError, match="data key does not open") as caught,
        open_warehouse(path, OTHER_KEY),
    ):
        pass  # fmt: skip
    assert OTHER_KEY not in str(caught.value) and keys.data not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database" * 1000, b"x"])
def test_another_file_is_refused(content: bytes, tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(content)
    with pytest.raises(CallerError, match="is not a warehouse"), open_warehouse(path, keys.data):
        pass
    assert path.read_bytes() == content


def test_reading_before_anything_is_loaded_says_what_to_do(tmp_path: Path, keys: Keys) -> None:
    with (
        pytest.raises(CallerError, match="candour run"),
        open_warehouse(tmp_path / "none.duckdb", keys.data, read_only=True),
    ):
        pass


def _hold(path: Path, keys: Keys) -> subprocess.Popen[str]:
    """Another process with the warehouse open, until it is told to let go."""
    hold = (
        "import sys; from pathlib import Path; from pipelines.warehouse.connect import *\n"
        "with open_warehouse(Path(sys.argv[1]), sys.stdin.readline().strip()):\n"
        "    sys.stdout.write('open\\n'); sys.stdout.flush(); sys.stdin.readline()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], cwd=Path(__file__).parents[2], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdin and holder.stdout
    holder.stdin.write(keys.data + "\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "open\n"
    return holder


def test_a_second_process_is_told_to_wait(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "warehouse.duckdb"
    holder = _hold(path, keys)
    with (
        pytest.raises(WarehouseBusyError, match="in use by another process"),
        open_warehouse(path, keys.data),
    ):
        pass  # fmt: skip
    holder.communicate("done\n")


def test_a_process_that_soon_lets_go_is_waited_for(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "warehouse.duckdb"
    holder = _hold(path, keys)
    letting_go = threading.Timer(0.5, holder.communicate, ["done\n"])
    letting_go.start()
    with open_warehouse(path, keys.data) as connection:
        assert table(connection, "SELECT count(*) FROM core.message") == [(0,)]
    letting_go.join()


def test_files_are_the_owners_alone(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "home" / "warehouse.duckdb"
    with open_warehouse(path, keys.data) as connection:
        connection.execute("CREATE TABLE main.scratch AS FROM range(1000)")
        assert {oct(p.stat().st_mode & 0o777) for p in path.parent.iterdir()} == {"0o600"}


def test_a_reader_cannot_write(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path, keys.data):
        pass
    with (
        open_warehouse(path, keys.data, read_only=True) as connection,
        pytest.raises(duckdb.Error, match="read-only"),
    ):
        connection.execute("DELETE FROM core.force")


def test_migrations_run_once_and_may_not_change_afterwards(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path, keys.data) as connection:
        applied = table(connection, "SELECT version, digest FROM main.migration")
    with open_warehouse(path, keys.data) as connection:
        assert table(connection, "SELECT version, digest FROM main.migration") == applied
        connection.execute("UPDATE main.migration SET digest = 'another' WHERE version = 1")
    with (
        pytest.raises(CallerError, match=r"001_core\.sql has changed"),
        open_warehouse(path, keys.data),
    ):
        pass  # fmt: skip


def test_seeds_agree_with_the_taxonomy(warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = [(c.code, c.name, c.code == "SPUP") for c in load_taxonomy().categories]
    assert warehouse.execute("FROM core.category").fetchall() == expected
    assert len(expected) == len(CODES)


def test_seeds_name_the_43_forces_and_train_only_those(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert table(warehouse, "SELECT count(*) FROM core.force") == [(43,)]
    assert table(warehouse, "FROM core.training ANTI JOIN core.force USING (force_code)") == []
    assert table(warehouse, "FROM core.training WHERE ends_on < starts_on") == []


@pytest.mark.parametrize("text", ["", "it's", "'; DROP TABLE core.message; --"])
def test_a_literal_is_read_back_as_it_was(text: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute("SELECT " + literal(text)).fetchone() == (text,)


def test_tasks_take_turns_and_say_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each would on its own file handle, in whatever process."""
    path, order = tmp_path / "warehouse.duckdb", []

    def second() -> None:
        with in_turn(path):
            order.append("second")

    waiting = threading.Thread(target=second)
    with in_turn(path):
        waiting.start()
        while not caplog.messages:
            time.sleep(0.01)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]
    assert caplog.messages == [f"Another task has {path}: waiting until it has finished."]
