"""`make test-airflow`: 24 months by Airflow's own backfill are those of 24 `candour run`s in order.

Too long for the other tests, which hold three months to the same order. No file that they gather.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from pipelines.demo import submit_collection
from pipelines.keys import generate_keys
from pipelines.release.publish import published_months
from pipelines.settings import REPOSITORY, Settings
from pipelines.synthetic.generate import generate
from pipelines.synthetic.plan import months_until
from tests.live_airflow import Up, running_airflow

REPORT = "monthly_report"
MONTHS = months_until("2026-10", 24)
HOURS = 4 * 60 * 60  # seconds, of a busy machine

pytestmark = pytest.mark.timeout(HOURS)

IN_ORDER = """
import sys
from pipelines.orchestrate import run_dag
from pipelines.settings import Settings
run_dag("intake", Settings(), print)
for month in sys.argv[1:]:
    run_dag("monthly_report", Settings(), print, {"month": month, "in_turn": False})
"""


@dataclass(frozen=True)
class Reported:
    """The same collection reported by a backfill and in order. How two runs ended that were
    asked for by hand: of the last month ``again``, and of one too ``late``."""

    backfilled: Settings
    in_order: Settings
    runs: list[dict[str, Any]]
    again: str
    late: str


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reported]:
    settings = Settings(home=tmp_path_factory.mktemp("backfilled"))
    other = Settings(home=tmp_path_factory.mktemp("in_order") / "home")
    generate_keys(settings.keys)
    collection = generate(
        tmp_path_factory.mktemp("volunteers"),
        forces=2,
        volunteers=12,
        months=len(MONTHS),
        end_month=MONTHS[-1],
        seed=7,
        messages_per_month=6,
    )
    submit_collection(collection, settings, Console(file=StringIO()))
    with running_airflow(settings) as up:
        up.start("intake")
        up.trigger("intake")
        up.until_over("intake", 1)
        shutil.copytree(settings.home, other.home, ignore=shutil.ignore_patterns("airflow"))
        runs = backfill(up)
        again = by_hand(up, "--conf", f'{{"month": "{MONTHS[-1]}"}}')
        up.trigger(REPORT, partition_key=MONTHS[5])
        late = up.until_over(REPORT, len(runs) + 2)[-1]["state"]
    in_order(other)
    yield Reported(settings, other, runs, again, late)


def backfill(up: Up) -> list[dict[str, Any]]:
    """Every month, as many runs at once as Airflow likes."""
    days = "--from-date", f"{MONTHS[0]}-01", "--to-date", f"{MONTHS[-1]}-28"
    up.airflow("backfill", "create", "--dag-id", REPORT, *days)
    up.start(REPORT)
    return up.until_over(REPORT, len(MONTHS))


def by_hand(up: Up, *arguments: str) -> str:
    """How a run ends that is started from the command line."""
    before = len(up.runs(REPORT))
    up.airflow("dags", "trigger", REPORT, *arguments)
    return str(up.until_over(REPORT, before + 1)[-1]["state"])


def in_order(settings: Settings) -> None:
    """As ``candour run --month`` does, which would run intake each time."""
    ran = subprocess.run(
        [sys.executable, "-c", IN_ORDER, *MONTHS],
        cwd=REPOSITORY,
        env={
            "CANDOUR_APPROVAL": "none",
            "CANDOUR_HOME": str(settings.home),
            "PATH": os.environ["PATH"],
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]


def releases(settings: Settings) -> dict[str, bytes]:
    """Every byte that is public."""
    files = [path for path in settings.releases.rglob("*") if path.is_file()]
    return {path.relative_to(settings.releases).as_posix(): path.read_bytes() for path in files}


def test_every_month_is_published(reported: Reported) -> None:
    assert {run["state"] for run in reported.runs} == {"success"}
    assert published_months(reported.backfilled) == MONTHS


def test_what_a_backfill_publishes_is_what_runs_in_order_do(reported: Reported) -> None:
    made, expected = releases(reported.backfilled), releases(reported.in_order)
    assert [name for name in made | expected if made.get(name) != expected.get(name)] == []


def test_a_month_that_is_out_may_be_asked_for_again_by_hand(reported: Reported) -> None:
    assert reported.again == "success"


def test_one_before_it_comes_too_late(reported: Reported) -> None:
    assert reported.late == "failed"
