"""Erase what volunteers have withdrawn. `candour withdraw` files what there is to do."""

from __future__ import annotations

from airflow.sdk import dag, task

from dags import COMMON, RETRIED
from pipelines.airflow_database import WAREHOUSE_POOL


@dag(
    schedule="*/15 * * * *",
    catchup=False,
    max_active_runs=1,
    tags=["candour"],
    doc_md=__doc__,
    **COMMON,
)
def withdrawal() -> None:
    @task(pool=WAREHOUSE_POOL, **RETRIED)
    def withdraw() -> dict[str, int]:
        """Erase every submission whose withdrawal waits, and issue the certificates.

        Takes no parameter: a receipt code would be kept in Airflow's database.
        """
        from pipelines import tasks

        return tasks.withdraw()

    withdraw()


withdrawal()
