"""Texts still kept, classified again: after the taxonomy or the classifier has changed.

Published months stay as they are. Start it by hand, once intake has staged again what is sealed.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from dags import COMMON, build_marts, gate_staged, gate_warehouse, load


@dag(
    schedule=None,
    max_active_runs=1,
    tags=["candour"],
    doc_md=__doc__,
    **COMMON,
)
def reclassify() -> None:
    @task
    def plan() -> list[list[str]]:
        """Group shards that an earlier classifier read into ranges of like size."""
        from pipelines import tasks

        return tasks.plan_reclassify()

    @task(doc_md="Find the risks of a range's texts anew; write its shards again.")
    def classify(batch: list[str]) -> dict[str, int]:
        from pipelines import tasks

        return tasks.reclassify(batch)

    (classify.expand(batch=plan()) >> gate_staged() >> load() >> build_marts() >> gate_warehouse())


reclassify()
