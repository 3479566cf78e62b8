"""The page of a private release, really drawn by OpenDP, opened in a real browser from disk."""

from __future__ import annotations

import csv
import json
import re
from itertools import groupby
from pathlib import Path

import pytest

from pipelines.classify.taxonomy import CODES
from pipelines.release.rows import PrivateRow, read_rows
from pipelines.report.names import read_categories
from pipelines.report.private import epsilon, private_page
from tests.browser import open_page, violations
from tests.private_world import MONTHS


@pytest.fixture
def release(private_release: Path) -> Path:
    return private_release


@pytest.mark.parametrize("width", [320, 1280])
def test_it_opens_without_errors_or_requests_and_fits(release: Path, width: int) -> None:
    with open_page(release / "site" / "index.html", width) as page:
        assert page.errors == []
        assert page.requests_outside == []
        assert page.content.locator("h1").count() == 1
        assert page.content.locator("[data-chart] svg").count() == len(CODES)
        assert page.content.evaluate("document.documentElement.scrollWidth") == width


def test_tables_are_the_csv(release: Path) -> None:
    with (release / "private.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["category"] == "DISC"]
    columns = ("period", "estimate_per_1000", "low", "high", "messages")
    with open_page(release / "site" / "index.html") as page:
        table = page.content.locator("#table-DISC tbody tr").all()
        shown = [row.locator("th, td").all_text_contents() for row in table]
    assert shown == [[row[column] for column in columns] for row in rows]


def test_charts_hold_the_csv_and_break_where_nothing_was_drawn(release: Path) -> None:
    """A line a run of months: March was not drawn, and noise may leave a month without a rate."""
    known = [r for r in read_rows(release, PrivateRow) if r.category == "DISC"]
    with open_page(release / "site" / "index.html") as page:
        held = json.loads(page.content.locator("#charts").text_content() or "")
        assert "Not drawn: March 2026." in page.content.inner_text("main")
        drawn = page.content.locator('[data-chart="DISC"] .mark-line path').get_attribute("d") or ""
    rows = held["charts"]["DISC"]["rows"]
    assert rows["period"] == list(MONTHS)
    assert rows["estimate_per_1000"] == [row.estimate_per_1000 for row in known]
    rates = {row.period: row.estimate_per_1000 for row in known}
    january_to_april = [rates.get(f"2026-{number:02d}") is not None for number in range(1, 5)]
    runs = [shown for shown, _ in groupby(january_to_april) if shown]
    assert drawn.count("M") == len(runs)
    assert drawn.count("L") == sum(january_to_april) - len(runs)


def test_axe_finds_nothing_wrong(release: Path) -> None:
    with open_page(release / "site" / "index.html") as page:
        assert violations(page.content) == []


def test_it_says_what_was_spent(release: Path) -> None:
    """Three months at 0.25: epsilon 0.75 + 2 sqrt(0.75 ln 1e6) = 7.2."""
    assert epsilon(0.75) == pytest.approx(7.188, abs=0.001)
    with open_page(release / "site" / "index.html") as page:
        said = " ".join(page.content.inner_text("main").split())
    assert "have spent a rho of 0.75, and no more than 1 will ever be spent" in said
    assert "epsilon of 7.2 at a delta of one in a million" in said
    assert "at most 200 messages a month count, and 10 flagged of a category" in said


def test_links_lead_somewhere(release: Path) -> None:
    html = (release / "site" / "index.html").read_text()
    links = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert "data/private.csv" in links
    for link in links:
        name, _, anchor = link.partition("#")
        assert name.startswith("data:") or (release / "site" / name).exists(), link
        assert not anchor or f'id="{anchor}"' in html, link


# first month's interval, latest month's: what is said of the change
CHANGES = """
1 2    3 4    Higher than at the start: 1.0
3 4    1 2    Lower than at the start: 3.0
1 3    2 4    No clear change: 1.0
1 3    -      Not comparable: 1.0
"""


@pytest.mark.parametrize("case", CHANGES.strip().splitlines())
def test_intervals_that_overlap_are_no_clear_change(case: str) -> None:
    first, latest, said = re.split(r" {2,}", case)
    rows = [row(month, ends) for month, ends in zip(MONTHS, (first, latest), strict=False)]
    privacy = {"privacy": {"rho_spent": 0.5}}
    (one,) = private_page(rows, read_categories(), privacy)["series"]
    assert one.sentence.startswith(said)


def row(month: str, ends: str) -> PrivateRow:
    """A row whose estimate is the lower end of its interval, or one without a rate."""
    low, high = (None, None) if ends == "-" else map(float, ends.split())
    return PrivateRow(month, "EW", "DISC", low, low, high, 1000, "private")
