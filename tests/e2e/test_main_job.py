"""Volunteered exports in, a dashboard out: both DAGs really run, the site really opened."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from pipelines.keys import load_keys
from pipelines.release.ledger import kept_ledger
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger
from tests.browser import open_page
from tests.conftest import MONTH, FinishedRun
from tests.pdf import text_of


def _release(run: FinishedRun) -> Path:
    return run.settings.releases / MONTH


def test_every_stage_reconciles_from_lines_in_to_released(finished_run: FinishedRun) -> None:
    ledger = kept_ledger(MONTH, finished_run.settings)
    ledger.check()
    assert ledger.in_force_figures > 0
    key = load_keys(finished_run.settings.keys).data
    with open_warehouse(finished_run.settings.warehouse, key, read_only=True) as connection:
        stages = read_ledger(connection).with_release(ledger.parts()).stages
    lines_in = finished_run.plain_exports().count(b"\n")
    assert stages[0].total == lines_in
    for stage in stages:
        assert sum(outcome.count for outcome in stage.outcomes) == stage.total
        assert f"{stage.total:,}" in finished_run.screen


def test_sums_cover_every_file_of_the_release(finished_run: FinishedRun) -> None:
    folder = _release(finished_run)
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    assert set(listed) == set(files) - {"SHA256SUMS"}
    assert {n: hashlib.sha256(files[n].read_bytes()).hexdigest() for n in listed} == listed


def test_nothing_published_is_below_the_thresholds(finished_run: FinishedRun) -> None:
    with (_release(finished_run) / "trends.csv").open() as file:
        rows = list(csv.DictReader(file))
    published = [row for row in rows if row["estimate_per_1000"] != "[c]"]
    assert published
    assert all(int(row["contributors"]) >= 10 for row in published)
    assert all(int(row["messages"]) % 5 == 0 for row in published)


def test_the_national_page_opens_offline(finished_run: FinishedRun) -> None:
    with open_page(finished_run.site) as page:
        assert page.errors == []
        assert page.requests_outside == []
        assert page.content.locator("h1").count() == 1
        assert page.content.locator("svg.marks, canvas.marks").count() > 0
        assert page.content.locator("table").count() > 0


def test_the_monthly_dag_draws_the_report_and_a_brief_for_each_force_told_of(
    finished_run: FinishedRun,
) -> None:
    folder = _release(finished_run)
    with (folder / "trends.csv").open() as file:
        told = {row["force_code"] for row in csv.DictReader(file) if row["messages"] != "[c]"}
    forces = {entry.force_code for entry in finished_run.collection.submissions}
    assert {path.stem for path in (folder / "briefs").iterdir()} == told & forces != set()
    assert f"{len(told & forces)} of 43" in text_of(folder / "report.pdf")


def test_there_is_a_page_for_each_force(finished_run: FinishedRun) -> None:
    forces = {entry.force_code for entry in finished_run.collection.submissions}
    with open_page(finished_run.site) as page:
        links = {a.get_attribute("href") or "" for a in page.content.locator("a").all()}
    assert all(any(force in link for link in links) for force in forces)
