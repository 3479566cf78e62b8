"""What the workers of ``bench.cluster_world`` are given beside what a deployment's are."""

from __future__ import annotations

import os

WORKER = "CLUSTER_WORKER"  # in a worker's environment: what it is called


def name() -> str:
    """What Airflow notes as the host of a task: on one host the workers would all be alike."""
    return os.environ[WORKER]
