"""Sealed submissions in, classified and de-identified rows in the warehouse."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, get_current_context, task

from dags import COMMON, STAGING_QUEUE, TAKEN_IN, gate_staged, load


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
        queue=STAGING_QUEUE,
        # A mapped task takes none from a docstring.
        doc_md="Parse, de-identify and classify a batch in memory; write encrypted shards.",
    )
    def stage(batch: list[str]) -> dict[str, int]:
        from pipelines import tasks

        return tasks.stage(batch)

    @task(outlets=[TAKEN_IN])
    def taken_in() -> None:
        """Say that whatever was sealed before this run began is loaded, or in quarantine."""
        from pipelines import tasks

        tasks.check_taken_in()
        context = get_current_context()
        until = context["dag_run"].run_after  # this run looked into the inbox later
        context["outlet_events"][TAKEN_IN].extra = {"until": until.isoformat()}

    stage.expand(batch=plan_batches()) >> gate_staged() >> load() >> taken_in()


intake()
