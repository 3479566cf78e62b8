"""The report of a private release, really drawn by OpenDP: noise named, and no force told of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipelines.classify.taxonomy import CODES
from pipelines.release.publish import read_manifest
from pipelines.release.rows import PrivateRow, read_rows
from pipelines.report.findings import period_name
from pipelines.report.names import read_categories
from pipelines.report.pdf_pages import private
from pipelines.report.private import noisy_rate
from tests.pdf import tags_of, text_of
from tests.private_world import MONTHS


@pytest.fixture
def release(private_release: Path) -> Path:
    return private_release


def test_there_is_a_tagged_report_and_no_brief(release: Path) -> None:
    assert not (release / "briefs").exists()
    reader = PdfReader(release / "report.pdf")
    assert reader.root_object["/MarkInfo"]["/Marked"].value
    assert reader.root_object["/Lang"] == "en-GB"
    figures = [tag for tag in tags_of(release / "report.pdf") if tag.get("/S") == "/Figure"]
    assert len(figures) == len(CODES)
    assert all("95% interval of the noise" in tag["/Alt"] for tag in figures)
    assert (release / "site" / "report.pdf").read_bytes() == (release / "report.pdf").read_bytes()
    assert 'href="report.pdf"' in (release / "site" / "index.html").read_text()


def test_every_latest_rate_is_the_csv(release: Path) -> None:
    text = text_of(release / "report.pdf")
    latest = [row for row in read_rows(release, PrivateRow) if row.period == MONTHS[-1]]
    assert len(latest) == len(CODES)
    for row in latest:
        limits = f"{noisy_rate(row.low)} to {noisy_rate(row.high)}"
        interval = "[z]" if row.low is None else limits  # nobody wrote in April: noise alone
        name, month = read_categories()[row.category].name, period_name(row.period)
        rate = noisy_rate(row.estimate_per_1000)
        assert f"{name} {rate} {interval} {month} " in text


def test_no_rate_is_printed_that_is_not_in_the_release(release: Path) -> None:
    rows, manifest = read_rows(release, PrivateRow), read_manifest(release)
    data = private(rows, read_categories(), manifest)
    known = {noisy_rate(v) for row in rows for v in (row.estimate_per_1000, row.low, row.high)}
    axes = {label for panel in data["panels"] for _, label in panel["chart"]["ticks"]}
    budget = {data["rho-spent"], data["epsilon"]}
    printed = set(re.findall(r"\d+\.\d+", text_of(release / "report.pdf")))
    assert printed <= known | axes | budget


def test_the_promise_and_what_is_missing_are_said(release: Path) -> None:
    text = text_of(release / "report.pdf")
    assert "Not drawn: March 2026" in text
    assert "zero-concentrated differential privacy (zCDP), and its unit is one contributor" in text
    assert "spent a rho of 0.75, and no more than 1 will ever be spent" in text
    assert "no person has reviewed this release" in text
