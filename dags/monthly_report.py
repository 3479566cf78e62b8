"""One month's release: marts, gates, disclosure control, site, PDFs. Published whole or not."""

from __future__ import annotations

from airflow.sdk import CronPartitionTimetable, Param, dag, get_current_context, task

from dags import COMMON, TAKEN_IN, build_marts, gate_warehouse
from pipelines.airflow_database import WAREHOUSE_POOL
from pipelines.schedule import REPORT_CRON, is_turn

SIX_HOURS = 6 * 60 * 60.0  # seconds


@dag(
    schedule=CronPartitionTimetable(
        REPORT_CRON, timezone="UTC", run_offset=-1, key_format="%Y-%m", run_immediately=True
    ),
    max_active_runs=1,
    params={
        "month": Param(
            None,
            type=["null", "string"],
            pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
            description="Month to report (YYYY-MM), whatever the run's partition key",
        ),
        "rebaseline": Param(
            False,
            type="boolean",
            description="Count earlier years' months anew where enough people changed: once a year",
        ),
        "in_turn": Param(
            True, type="boolean", description="Wait until no other run of the report is under way"
        ),
    },
    tags=["candour"],
    doc_md=__doc__,
    **COMMON,
)
def monthly_report() -> None:
    @task
    def choose_month() -> str:
        """The ``month`` parameter, else the latest closed month up to the run's partition key."""
        from pipelines import tasks

        context = get_current_context()
        return tasks.choose_month(context["params"]["month"], context["dag_run"].partition_key)

    @task.sensor(mode="reschedule", poke_interval=60, timeout=SIX_HOURS, inlets=[TAKEN_IN])
    def wait_for_intake(month: str) -> bool:
        """Wait until what was sealed before the month closed is loaded. Fails after six hours: a
        month may come late, but what it leaves out is left out for good.
        """
        from pipelines import tasks

        context = get_current_context()
        events = context["inlet_events"][TAKEN_IN].ascending(False).limit(1)
        told = events[0].extra if events else None
        until = str(told["until"]) if told else None
        run = context["dag_run"]
        # Not ``run_after``: of a backfill's run that is the first of the month itself.
        return tasks.is_taken_in(month, until, run.start_date or run.run_after)

    @task.sensor(mode="reschedule", poke_interval=30, timeout=SIX_HOURS)
    def wait_for_turn() -> bool:
        """Wait until no other run is under way, and a backfill's earlier months are done."""
        context = get_current_context()
        task = context["ti"]
        if not context["params"]["in_turn"]:
            return True
        return is_turn(context["run_id"], task.get_task_states(task.dag_id), task.task_id)

    @task(pool=WAREHOUSE_POOL)
    def draft_release(month: str) -> str:
        """Apply disclosure control and write a draft release, not yet visible."""
        from pipelines import tasks

        return tasks.draft_release(month, anew=get_current_context()["params"]["rebaseline"])

    @task
    def gate_release(draft: str) -> str:
        """Gate 3: the release suite."""
        from pipelines import tasks

        return tasks.gate_release(draft)

    @task(pool=WAREHOUSE_POOL)
    def audit_release(draft: str) -> str:
        """Attack the draft and every release before it, as an outsider and as each contributor."""
        from pipelines import tasks

        return tasks.audit_release(draft)

    @task
    def publish(draft: str) -> str:
        """Draw site and PDFs from the draft and publish it in one rename."""
        from pipelines import tasks

        return tasks.publish(draft)

    month = choose_month()
    draft = draft_release(month)  # type: ignore[arg-type]  # an XComArg stands for it
    taken_in = wait_for_intake(month)  # type: ignore[arg-type]
    taken_in >> wait_for_turn() >> build_marts() >> gate_warehouse() >> draft
    publish(audit_release(gate_release(draft)))  # type: ignore[arg-type]


monthly_report()
