"""A backfill beside a scheduled report, really run by `candour up`, while sealed exports wait.

Then a month by hand that comes too late: it is refused, and people are told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from pipelines.demo import submit_collection
from pipelines.intake.inbox import pending
from pipelines.keys import generate_keys, write_secret
from pipelines.release.publish import figures_sha256, published_months
from pipelines.settings import Settings
from pipelines.synthetic.generate import Collection, generate
from tests.browser import open_page
from tests.live_airflow import Up, running_airflow
from tests.privacy.scan import Needles, find_leaks
from tests.receivers import datagram_server, serving, web_server

MONTHS = ["2026-08", "2026-09", "2026-10"]
REPORT = "monthly_report"

pytestmark = pytest.mark.timeout(3600)  # seconds: two minutes' work, on a machine that may be busy


@dataclass(frozen=True)
class Seen:
    """What was there to see, when all was over; ``waiting`` while nothing was taken in yet.

    ``spans`` of each task by its run's month, in order of their start.
    """

    settings: Settings
    needles: list[str]
    waiting: list[dict[str, str | None]]
    taken_in: str
    runs: list[dict[str, Any]]
    spans: dict[str, dict[str, tuple[str, str]]]
    refused: dict[str, str | None]
    before: list[dict[str, str]]
    metrics: bytes
    traces: bytes
    told: list[Any]


def sealed(collection: Collection, settings: Settings) -> list[str]:
    """Hand a collection over. What may be seen nowhere: identifiers in it, and submissions' own."""
    generate_keys(settings.keys)
    submit_collection(collection, settings, Console(file=StringIO()))
    planted = [needle for canary in collection.canaries for needle in canary.needles]
    return planted + [folder.name for folder in pending(settings)]


def figures(settings: Settings) -> list[dict[str, str]]:
    return [figures_sha256(settings.releases / month) for month in published_months(settings)]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    outside = tmp_path_factory.mktemp("volunteers")
    collection = generate(
        outside,
        forces=1,
        volunteers=12,
        months=len(MONTHS),
        end_month=MONTHS[-1],
        seed=7,
        messages_per_month=8,
        canaries=110,
    )
    needles = sealed(collection, settings)
    metrics: list[bytes] = []
    traces: list[bytes] = []
    told: list[bytes] = []
    with (
        serving(datagram_server(metrics)) as statsd,
        serving(web_server(traces)) as collector,
        serving(web_server(told)) as hook,
    ):
        write_secret(outside / "webhook", f"http://127.0.0.1:{hook}/")
        with running_airflow(
            settings,
            AIRFLOW__METRICS__STATSD_ON="True",
            AIRFLOW__METRICS__STATSD_HOST="127.0.0.1",
            AIRFLOW__METRICS__STATSD_PORT=str(statsd),
            AIRFLOW__TRACES__OTEL_ON="True",
            CANDOUR_ALERT_WEBHOOK_FILE=str(outside / "webhook"),
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector}",
            OTEL_TRACES_EXPORTER="otlp_proto_http",
        ) as up:
            waiting = ask_for_every_month(up)
            up.start("intake")
            intake = up.trigger("intake")
            runs = up.until_over(REPORT, len(MONTHS))
            before = figures(settings)
            late = up.trigger(REPORT, conf={"month": MONTHS[0]})
            up.until_over(REPORT, len(MONTHS) + 1)
            up.until(lambda: bool(told))
            yield Seen(
                settings,
                needles,
                waiting,
                times(up, "intake", intake)["taken_in"][1],
                runs,
                {run["partition_key"]: times(up, REPORT, run["dag_run_id"]) for run in runs},
                up.states(REPORT, late),
                before,
                b"\n".join(metrics),
                b"\n".join(traces),
                [json.loads(body) for body in told],
            )


def ask_for_every_month(up: Up) -> list[dict[str, str | None]]:
    """A backfill of all but the last month, as many runs at once as Airflow likes; the last one's
    own run comes by itself. The states of each run's tasks, once all wait.
    """
    days = "--from-date", f"{MONTHS[0]}-01", "--to-date", f"{MONTHS[-2]}-28"
    up.airflow("backfill", "create", "--dag-id", REPORT, *days)
    up.start(REPORT)

    def states() -> list[dict[str, str | None]]:
        return [up.states(REPORT, run["dag_run_id"]) for run in up.runs(REPORT)]

    def all_wait() -> bool:
        waits = [run["wait_for_intake"] == "up_for_reschedule" for run in states()]
        return len(waits) == len(MONTHS) and all(waits)

    up.until(all_wait)
    return states()


def times(up: Up, dag_id: str, run_id: str) -> dict[str, tuple[str, str]]:
    """When each task of a run began and ended."""
    path = f"dags/{dag_id}/dagRuns/{run_id.replace('+', '%2B')}/taskInstances"
    tasks = up.told("GET", path)["task_instances"]
    return {task["task_id"]: (task["start_date"], task["end_date"]) for task in tasks}


def test_no_report_begins_while_sealed_exports_wait(seen: Seen) -> None:
    assert [states["build_marts"] for states in seen.waiting] == [None] * len(MONTHS)
    began = min(run["build_marts"][0] for run in seen.spans.values())
    assert seen.taken_in < began


def test_then_each_goes_on_by_itself_and_is_published(seen: Seen) -> None:
    assert {run["partition_key"]: run["state"] for run in seen.runs} == dict.fromkeys(
        MONTHS, "success"
    )
    assert published_months(seen.settings) == MONTHS


def test_one_after_another_the_oldest_first(seen: Seen) -> None:
    begun = [seen.spans[month]["build_marts"][0] for month in MONTHS]
    ended = [seen.spans[month]["publish"][1] for month in MONTHS]
    assert sorted(begun + ended) == [at for both in zip(begun, ended, strict=True) for at in both]


def test_a_month_by_hand_that_comes_too_late_is_refused(seen: Seen) -> None:
    assert (seen.refused["draft_release"], seen.refused["publish"]) == ("failed", "upstream_failed")
    assert figures(seen.settings) == seen.before


def test_people_are_told_of_it_and_of_nothing_else(seen: Seen) -> None:
    said = "Candour: a run of monthly_report failed. `candour status` says where it stopped."
    assert seen.told == [{"text": said}]


def test_metrics_arrive_and_name_no_submission_nor_what_is_in_it(seen: Seen) -> None:
    for name in (
        b"airflow.dagrun.duration.failed.monthly_report:",
        b"airflow.dagrun.duration.success.monthly_report:",
        b"airflow.pool.queued_slots.warehouse:",
        b"airflow.scheduler_heartbeat:",
        b"airflow.ti.finish.monthly_report.publish.success:",
    ):
        assert name in seen.metrics
    assert Needles(seen.needles).found(seen.metrics) == set()
    assert str(seen.settings.home).encode() not in seen.metrics


def test_so_do_traces(seen: Seen) -> None:
    assert b"monthly_report" in seen.traces
    assert b"publish" in seen.traces
    assert Needles(seen.needles).found(seen.traces) == set()
    assert str(seen.settings.inbox).encode() not in seen.traces


def test_nothing_that_airflow_kept_or_logged_names_them_either(seen: Seen) -> None:
    logs = list((seen.settings.airflow_home / "logs").rglob("attempt=*.log"))
    assert len(logs) > len(MONTHS) * 9
    folders = [seen.settings.airflow_home, seen.settings.runs, seen.settings.validation]
    assert find_leaks(folders, seen.needles) == []
    lines = [json.loads(line) for path in logs for line in path.read_text().splitlines()]
    assert {"timestamp", "level", "event"} <= set.intersection(*(set(line) for line in lines))


def test_the_status_page_says_what_failed(seen: Seen) -> None:
    with open_page(seen.settings.runs / "index.html") as page:
        assert page.content.locator("tr", has_text="draft_release").locator(".wrong").count() == 1
        assert page.content.locator("tr", has_text="publish").locator(".wrong").count() == 0
        assert (page.errors, page.requests_outside) == ([], [])
