"""What Airflow reads in `dags/`: it imports, says what it does, and holds to its rules.

Read in a process and an Airflow home of their own, as a DAG processor would.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from pipelines import tasks
from pipelines.settings import REPOSITORY

READ = """
import json, sys
from datetime import UTC, datetime
from airflow.configuration import conf
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization

bag = DagBag(sys.argv[1])
monthly = DagSerialization.from_dict(DagSerialization.to_dict(bag.dags["monthly_report"]))
runs = monthly.iter_dagrun_infos_between(
    datetime(2024, 11, 1, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)
)
print(json.dumps({
    "errors": bag.import_errors,
    "max_map_length": conf.getint("core", "max_map_length"),
    "keys": [run.partition_key for run in runs],
    "serialised": [DagSerialization.to_dict(dag) for dag in bag.dags.values()],
    "dags": {
        dag.dag_id: {
            "tags": sorted(dag.tags),
            "doc": dag.doc_md,
            "catchup": dag.catchup,
            "at_once": dag.max_active_runs,
            "told": dag.on_failure_callback.__name__,
            "tasks": {
                task.task_id: {
                    "pool": task.pool,
                    "retries": task.retries,
                    "policy": task.retry_policy and task.retry_policy.serialize(),
                    "doc": task.doc_md,
                }
                for task in dag.tasks
            },
        }
        for dag in bag.dags.values()
    },
}))
"""

WAREHOUSE = {
    "intake": {"load"},
    "monthly_report": {"build_marts", "gate_warehouse", "draft_release", "audit_release"},
    "withdrawal": {"withdraw"},
    "retention": {"retain"},
    "reclassify": {"load", "build_marts", "gate_warehouse"},
    "watch": set(),
}
"""By DAG, the tasks that open the warehouse. Each takes the one slot of its pool."""

RETRIED = {"load", "build_marts", "withdraw", "retain"}
"""Tasks that a lock or a full disk can fail. A gate says the same however often it is asked, and a
damaged export is quarantined."""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(REPOSITORY / "dags")],
        cwd=REPOSITORY,
        env={
            "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "PATH": os.environ["PATH"],
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_every_file_imports(read: dict[str, Any]) -> None:
    assert read["errors"] == {}
    assert set(read["dags"]) == set(WAREHOUSE)


def test_each_says_what_it_does_and_so_does_each_task(read: dict[str, Any]) -> None:
    for dag in read["dags"].values():
        assert dag["tags"] == ["candour"]
        assert dag["doc"]
        assert [name for name, task in dag["tasks"].items() if not task["doc"]] == []


def test_whatever_opens_the_warehouse_waits_for_its_one_slot(read: dict[str, Any]) -> None:
    found = {
        dag_id: {name for name, task in dag["tasks"].items() if task["pool"] == "warehouse"}
        for dag_id, dag in read["dags"].items()
    }
    assert found == WAREHOUSE


def test_only_what_a_second_try_can_help_is_tried_again(read: dict[str, Any]) -> None:
    tasks = {name: task for dag in read["dags"].values() for name, task in dag["tasks"].items()}
    assert {name for name, task in tasks.items() if task["policy"] is None} == RETRIED
    policies = [task["policy"] for name, task in tasks.items() if name not in RETRIED]
    assert {(len(policy["rules"]), policy["default"]) for policy in policies} == {(0, "fail")}


def test_what_a_lost_worker_held_is_done_again(read: dict[str, Any]) -> None:
    """It raises nothing, so that no policy is asked."""
    tasks = [task for dag in read["dags"].values() for task in dag["tasks"].values()]
    assert {task["retries"] for task in tasks} == {2}


def test_one_run_at_a_time_and_none_made_up_for(read: dict[str, Any]) -> None:
    for dag in read["dags"].values():
        assert dag["at_once"] == 1
        assert not dag["catchup"]


def test_people_are_told_of_failures(read: dict[str, Any]) -> None:
    told = {dag_id: dag["told"] for dag_id, dag in read["dags"].items()}
    assert told.pop("watch") == "late"
    assert set(told.values()) == {"failed"}


def test_a_backfill_of_two_years_is_a_run_for_each_month(read: dict[str, Any]) -> None:
    months = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)]
    assert read["keys"] == [month for month in months if "2024-11" <= month <= "2026-10"]
    assert len(read["keys"]) == 24


def test_there_are_never_more_batches_than_airflow_maps(read: dict[str, Any]) -> None:
    assert read["max_map_length"] >= tasks.MAX_BATCHES


def test_what_airflow_keeps_of_a_dag_names_no_secret_and_no_path_of_the_home(
    read: dict[str, Any],
) -> None:
    kept = json.dumps(read["serialised"])
    assert not any(word in kept for word in ("keys/", "data.key", "warehouse.duckdb", "inbox"))
