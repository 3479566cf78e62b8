"""What the DAG files share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pipelines.alerts import failed

RETRIED: dict[str, Any] = {
    "retries": 2,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": True,
}
"""For tasks that a lock or a full disk can fail. A gate says the same however often it is asked."""

ALERTED: dict[str, Any] = {"on_failure_callback": failed}
"""For every DAG."""
