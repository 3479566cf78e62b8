"""The site of a hand-made release, opened in a real browser from disk."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from pipelines.release.publish import publish
from pipelines.report.derived import draw
from pipelines.report.site import build_site
from pipelines.settings import Settings
from tests.browser import open_page
from tests.marts import make_marts, team
from tests.releases import audited

MET, CUMBRIA, LANCASHIRE = "E23000001", "E23000002", "E23000003"
MONTHS = [f"2026-{number:02d}" for number in range(1, 7)]
PAGE_LIMIT = 400_000  # bytes, beside the shared runtime


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six months. The Met publishes DISC but in March; Lancashire has too few people for any.

    Twelve of the Met's were challenged in each month but March, and of Cumbria's.
    """
    people = []
    for month in MONTHS:
        few = month == "2026-03"
        flagged = {"DISC": 4 if few else 25}
        people += team(MET, month, 40, 20, flagged, challenged=0 if few else 12)
        people += team(CUMBRIA, month, 30, 20, {"DISC": 25}, challenged=12)
        people += team(LANCASHIRE, month, 4, 20, {"DISC": 2})
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    draft = audited(make_marts(people), MONTHS[-1], settings)
    draw(draft)
    return publish(draft, settings)


@pytest.fixture(scope="module")
def site(release: Path) -> Path:
    return release / "site"


@pytest.mark.parametrize("name", ["index", f"force-{MET}", f"force-{LANCASHIRE}", "methodology"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_open_without_errors_or_requests_and_fit(site: Path, name: str, width: int) -> None:
    with open_page(site / f"{name}.html", width) as page:
        assert page.errors == []
        assert page.requests_outside == []
        assert page.content.locator("h1").count() == 1
        assert page.content.evaluate("document.documentElement.scrollWidth") == width


def test_there_is_a_page_for_each_force(site: Path) -> None:
    assert len(list(site.glob("force-*.html"))) == 43


def test_a_chart_is_drawn_for_each_series_with_a_figure(site: Path, release: Path) -> None:
    """All risky content and DISC; nobody is flagged for OPS or SEXM, and none is too few."""
    with open_page(site / f"force-{MET}.html") as page:
        drawn = page.content.locator("[data-chart] svg")
        names = [
            box.get_attribute("data-chart") for box in page.content.locator("[data-chart]").all()
        ]
        assert drawn.count() == len(names)
        assert [name for name in names if name.startswith("trend-")] == [
            "trend-ANY",
            "trend-DISC",
        ]
        assert (
            "Not enough data in any month or quarter" in page.content.locator(".inset").inner_text()
        )


def test_tables_are_the_csv(site: Path, release: Path) -> None:
    with (release / "trends.csv").open(newline="") as file:
        rows = [
            r for r in csv.DictReader(file) if r["category"] == "DISC" and "Q" not in r["period"]
        ]
    columns = ("period", "estimate_per_1000", "low", "high", "messages", "contributors")
    for force, page_name in (("EW", "index"), (MET, f"force-{MET}")):
        expected = [[row[c] for c in columns] for row in rows if row["force_code"] == force]
        with open_page(site / f"{page_name}.html") as page:
            table = page.content.locator("#table-DISC tbody tr").all()
            assert [row.locator("th, td").all_text_contents() for row in table] == expected


def test_charts_hold_the_csv(site: Path, release: Path) -> None:
    with (release / "trends.csv").open(newline="") as file:
        rows = [
            r
            for r in csv.DictReader(file)
            if (r["force_code"], r["category"]) == (MET, "DISC") and "Q" not in r["period"]
        ]
    with open_page(site / f"force-{MET}.html") as page:
        held = json.loads(page.content.locator("#charts").text_content() or "")
    charted = held["charts"]["trend-DISC"]["data"]["rows"]
    assert [point["estimate"] for point in charted] == [
        None if row["estimate_per_1000"] == "[c]" else float(row["estimate_per_1000"])
        for row in rows
    ]


def test_the_challenge_rate_is_drawn_beside_its_table(site: Path, release: Path) -> None:
    with (release / "challenge.csv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if "Q" not in r["period"]]
    columns = ("period", "share", "low", "high", "risky")
    for force, page_name in (("EW", "index"), (MET, f"force-{MET}")):
        expected = [[row[c] for c in columns] for row in rows if row["force_code"] == force]
        withheld = [row[0] for row in expected if row[1] == "[c]"]
        assert withheld == (["2026-03"] if force == MET else [])
        with open_page(site / f"{page_name}.html") as page:
            table = page.content.locator("#table-challenge tbody tr").all()
            assert [row.locator("th, td").all_text_contents() for row in table] == expected
            drawn = page.content.locator('[data-chart="challenge"] svg')
            assert ("Not enough data" in (drawn.text_content() or "")) == bool(withheld)


def test_where_no_challenge_rate_is_published_the_page_says_so(site: Path) -> None:
    with open_page(site / f"force-{LANCASHIRE}.html") as page:
        section = page.content.locator('section[aria-labelledby="challenge"]')
        assert section.locator("[data-chart]").count() == 0
        assert "Not enough data in any month or quarter" in section.inner_text()


def test_a_withheld_month_is_said_on_the_chart_and_why_on_the_page(site: Path) -> None:
    with open_page(site / f"force-{MET}.html") as page:
        chart = page.content.locator('[data-chart="trend-DISC"]')
        assert "Not enough data" in chart.locator("svg").text_content()
        described = page.content.get_by_role("img", name="1 month is withheld: not enough data.")
        assert described.count() == 3, "DISC, with it all risky content, and what was challenged"
        assert "fewer than 10 people stand behind the figure" in page.content.inner_text("main")


def test_training_is_marked(site: Path) -> None:
    """The seeds have the Met train in February 2026."""
    with open_page(site / f"force-{MET}.html") as page:
        assert "Training" in page.content.locator('[data-chart="trend-DISC"] svg').text_content()
        assert "Before and after training" in page.content.inner_text("main")


def test_a_force_without_figures_says_so(site: Path) -> None:
    with open_page(site / f"force-{LANCASHIRE}.html") as page:
        assert page.content.locator("[data-chart]").count() == 0
        assert page.content.locator(".figures dd").first.inner_text() == "Not enough data"


def test_the_skip_link_comes_first_and_works(site: Path) -> None:
    with open_page(site / "index.html") as page:
        page.content.keyboard.press("Tab")
        assert page.content.evaluate("document.activeElement.textContent") == "Skip to main content"
        page.content.keyboard.press("Enter")
        assert page.content.evaluate("document.activeElement.id") == "main"


def test_links_lead_somewhere(site: Path) -> None:
    for page in site.glob("*.html"):
        html = page.read_text()
        for link in re.findall(r'(?:href|src)="([^"]+)"', html):
            name, _, anchor = link.partition("#")
            target = page if name == "" else site / name
            assert name.startswith("data:") or target.exists(), link
            assert not anchor or f'id="{anchor}"' in target.read_text(), link
        ids = Counter(re.findall(r' id="([^"]+)"', html))
        assert max(ids.values()) == 1, page.name


def test_pages_are_small_beside_the_runtime(site: Path) -> None:
    assert all(page.stat().st_size < PAGE_LIMIT for page in site.glob("*.html"))


def test_the_same_release_gives_the_same_site(site: Path, release: Path, tmp_path: Path) -> None:
    build_site(release, tmp_path)
    names = sorted(path.relative_to(site) for path in site.rglob("*") if path.is_file())
    assert names == sorted(
        path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()
    )
    assert all((site / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)
