"""Drop texts, sealed exports and quarantined submissions once they have been kept long enough."""

from __future__ import annotations

from airflow.sdk import dag, task

from dags import COMMON, RETRIED
from pipelines.airflow_database import WAREHOUSE_POOL


@dag(
    schedule="30 2 * * *",
    catchup=False,
    max_active_runs=1,
    tags=["candour"],
    doc_md=__doc__,
    **COMMON,
)
def retention() -> None:
    @task(pool=WAREHOUSE_POOL, **RETRIED)
    def retain() -> dict[str, int]:
        """Drop what is due and rewrite the warehouse without it."""
        from pipelines import tasks

        return tasks.retain()

    retain()


retention()
