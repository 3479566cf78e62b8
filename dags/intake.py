"""Sealed submissions in, classified and de-identified rows in the warehouse."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Asset, dag, task

from dags import COMMON, RETRIED
from pipelines.airflow_database import WAREHOUSE_POOL

WAREHOUSE = Asset("candour://warehouse")


@dag(
    schedule="*/30 * * * *",
    catchup=False,
    max_active_runs=1,
    tags=["candour"],
    doc_md=__doc__,
    **COMMON,
)
def intake() -> None:
    @task
    def plan_batches() -> list[list[str]]:
        """Group waiting submissions into ranges of about a minute's work each."""
        from pipelines import tasks

        return tasks.plan_batches()

    @task(
        execution_timeout=timedelta(hours=1),
        # A mapped task takes none from a docstring.
        doc_md="Parse, de-identify and classify a batch in memory; write encrypted shards.",
    )
    def stage(batch: list[str]) -> dict[str, int]:
        from pipelines import tasks

        return tasks.stage(batch)

    @task(trigger_rule="none_failed")
    def gate_staged() -> dict[str, int]:
        """Gate 1: the staged suite over every shard not yet loaded."""
        from pipelines import tasks

        return tasks.gate_staged()

    @task(pool=WAREHOUSE_POOL, outlets=[WAREHOUSE], **RETRIED)
    def load() -> dict[str, int]:
        """Load staged shards, resolve overlapping exports and reconcile the ledger."""
        from pipelines import tasks

        return tasks.load()

    stage.expand(batch=plan_batches()) >> gate_staged() >> load()


intake()
