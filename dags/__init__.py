"""What the DAG files share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, ExceptionRetryPolicy, RetryAction, task

from pipelines.airflow_database import WAREHOUSE_POOL
from pipelines.alerts import failed

TAKEN_IN = Asset("candour://taken_in")
"""Updated by each run of intake. ``until`` (ISO 8601): all that was sealed before it is loaded."""

STAGING_QUEUE = "staging"
"""Celery's queue of what a worker without the home can do, through a store (docs/cluster.md)."""

COMMON: dict[str, Any] = {
    "on_failure_callback": failed,
    "default_args": {
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": True,
        # What is raised would be raised again, by a gate or a damaged shard. A worker that is lost
        # raises nothing: no policy is asked, and its task is done again.
        "retry_policy": ExceptionRetryPolicy([], default=RetryAction.FAIL),
    },
}
"""For every DAG. Every task can be repeated."""

RETRIED: dict[str, Any] = {"retry_policy": None}
"""For tasks that a lock or a full disk can fail: done again whatever was raised."""


@task(trigger_rule="none_failed")
def gate_staged() -> dict[str, int]:
    """Gate 1: the staged suite over every shard with texts."""
    from pipelines import tasks

    return tasks.gate_staged()


@task(pool=WAREHOUSE_POOL, **RETRIED)
def load() -> dict[str, int]:
    """Load staged shards, resolve overlapping exports and reconcile the ledger."""
    from pipelines import tasks

    return tasks.load()


@task(pool=WAREHOUSE_POOL, **RETRIED)
def build_marts() -> dict[str, int]:
    """Rebuild the marts from the warehouse's rows."""
    from pipelines import tasks

    return tasks.build_marts()


@task(pool=WAREHOUSE_POOL)
def gate_warehouse() -> dict[str, int]:
    """Gate 2: the warehouse suite and the ledger."""
    from pipelines import tasks

    return tasks.gate_warehouse()
