"""An Airflow plugin for ``bench.cluster``: notes when a task's own function begins and ends.

A line of JSON a moment, into the file that ``CLUSTER_CLOCK`` names: ``key`` (DAG, run, task, map
index), ``begins`` or ``ends``, ``at`` (seconds since 1970).
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin


class _Clock:
    @hookimpl
    def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
        _note("begins", task_instance)

    @hookimpl
    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        _note("ends", task_instance)


def _note(what: str, task: Any) -> None:
    key = f"{task.dag_id} {task.run_id} {task.task_id} {task.map_index}"
    line = json.dumps({"key": key, "what": what, "at": time.time()}) + "\n"
    with Path(os.environ["CLUSTER_CLOCK"]).open("a", encoding="utf-8") as file:
        file.write(line)  # one write: lines of two tasks do not mix


class ClockPlugin(AirflowPlugin):
    """As Airflow finds it."""

    name = "clock"
    listeners = [_Clock()]  # noqa: RUF012
