"""What the DAG files share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

RETRIED: dict[str, Any] = {
    "retries": 2,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": True,
}
"""For tasks that a lock or a full disk can fail. A gate says the same however often it is asked."""
