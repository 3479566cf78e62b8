"""Run Candour's own Airflow DAGs in this process, on Airflow's embedded metadata database.

Airflow reads its configuration when it is first imported: nothing here imports it before
``configure`` has set the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipelines.airflow_database import prepare
from pipelines.errors import CandourError
from pipelines.settings import REPOSITORY, Settings

Progress = Callable[[str], None]
"""Told the name of each task as it starts."""


API_SECONDS = 60
"""How long a task waits for Airflow to answer it. With Airflow's own 5 s, tasks fail before they
begin where a machine is so busy that the api-server takes longer."""

LOOK_SECONDS = 1
"""How often Airflow looks whether a task has ended. With its own 5 s a task that has done its work
holds its place for about a second more, four times as long (docs/measured-cluster.md)."""


class RunFailedError(CandourError):
    """A DAG run ended in failure. Names the task; its log says why."""


def configure(settings: Settings) -> None:
    """Point Airflow at the collection's own home."""
    home = settings.airflow_home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.update(
        {
            "CANDOUR_HOME": str(settings.home),
            "CANDOUR_STORE": settings.store,
            "CANDOUR_NOTICE": settings.notice,
            "CANDOUR_APPROVAL": settings.approval.value,
            "CANDOUR_PRIVATE_RHO_TOTAL": str(settings.private_rho_total),
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        }
    )
    os.environ.setdefault("AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT", str(API_SECONDS))
    os.environ.setdefault("AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL", str(LOOK_SECONDS))
    os.environ.pop("CANDOUR_PRIVATE_RHO_PER_MONTH", None)
    if settings.private_rho_per_month is not None:
        os.environ["CANDOUR_PRIVATE_RHO_PER_MONTH"] = str(settings.private_rho_per_month)


@dataclass(frozen=True)
class TaskListener:
    """An Airflow listener that reports tasks as they start and keeps why one failed."""

    progress: Progress
    failed: list[str]
    errors: list[CandourError]

    def install(self) -> None:
        from airflow.listeners import hookimpl
        from airflow.sdk.listener import get_listener_manager

        listener = self

        class Hooks:
            @hookimpl
            def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
                listener.progress(_label(task_instance))

            @hookimpl
            def on_task_instance_failed(
                self, previous_state: Any, task_instance: Any, error: Any
            ) -> None:
                listener.failed.append(_label(task_instance))
                if isinstance(error, CandourError):
                    listener.errors.append(error)

        manager = get_listener_manager()
        manager.clear()  # type: ignore[no-untyped-call]
        manager.add_listener(Hooks())  # type: ignore[no-untyped-call]


def run_dag(
    dag_id: str, settings: Settings, progress: Progress, conf: dict[str, Any] | None = None
) -> None:
    """Run one DAG to its end.

    Raises the ``CandourError`` that stopped it, so that a gate's refusal keeps its exit code, or
    ``RunFailedError`` naming the task that failed.
    """
    configure(settings)
    dag = _load_dag(dag_id)
    listener = TaskListener(progress, [], [])
    listener.install()
    run = dag.test(run_conf=conf or {})
    if str(run.state) == "success":
        return
    if listener.errors:
        raise listener.errors[0]
    detail = ", ".join(listener.failed) or "a task that never started"
    raise RunFailedError(f"The {dag_id} run failed at {detail}: see {settings.airflow_home}/logs.")


def _load_dag(dag_id: str) -> Any:
    from airflow.dag_processing.dagbag import DagBag

    prepare()
    bag = DagBag(str(REPOSITORY / "dags"))
    if bag.import_errors:
        raise RunFailedError(f"DAG files that do not import: {sorted(bag.import_errors)}")
    return bag.dags[dag_id]


def _label(task_instance: Any) -> str:
    index = getattr(task_instance, "map_index", -1)
    return str(task_instance.task_id) + (f" [{index}]" if index >= 0 else "")
