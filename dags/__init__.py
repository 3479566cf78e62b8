"""What the DAG files share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import (  # type: ignore[attr-defined]  # its stub lacks them
    AsyncCallback,
    DeadlineAlert,
    DeadlineReference,
)

from pipelines.alerts import LATE_AFTER, failed, late

RETRIED: dict[str, Any] = {
    "retries": 2,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": True,
}
"""For tasks that a lock or a full disk can fail. A gate says the same however often it is asked."""

ALERTED: dict[str, Any] = {"on_failure_callback": failed}
"""For every DAG."""


def deadline(dag_id: str) -> DeadlineAlert:
    """For a DAG that somebody waits for."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=LATE_AFTER,
        callback=AsyncCallback(late, kwargs={"dag_id": dag_id}),
    )
