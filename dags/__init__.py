"""What the DAG files share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction

from pipelines.alerts import failed

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
