"""Every morning: is the month's release out? If it is late, people are told, daily until it is."""

from __future__ import annotations

from airflow.sdk import dag, task

from dags import COMMON
from pipelines.alerts import late


@dag(
    schedule="0 9 * * *",
    catchup=False,
    max_active_runs=1,
    tags=["candour"],
    doc_md=__doc__,
    **COMMON | {"on_failure_callback": late},
)
def watch() -> None:
    @task
    def check_release() -> None:
        """Fail where the latest month whose report is due has not been published."""
        from pipelines import tasks

        tasks.check_release()

    check_release()


watch()
