"""The site of a hand-made release, opened in a real browser from disk."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from pipelines.classify.taxonomy import load_taxonomy
from pipelines.report.methodology import RISKS_CARD
from pipelines.report.site import build_site
from pipelines.report.week import one_decimal
from tests.browser import open_page
from tests.site_release import LANCASHIRE, MET, MONTHS


@pytest.fixture
def release(site_release: Path) -> Path:
    return site_release


@pytest.fixture
def site(release: Path) -> Path:
    return release / "site"


@pytest.mark.parametrize(
    "name",
    ["index", f"force-{MET}", f"force-{LANCASHIRE}", "compare", "training", "methodology", "data"],
)
def test_pages_open_without_errors_or_requests(site: Path, name: str) -> None:
    with open_page(site / f"{name}.html") as page:
        assert page.errors == []
        assert page.requests_outside == []
        assert page.content.locator("h1").count() == 1


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
        assert names[:3] == ["ANY", "DISC", "challenged"]
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
    html = (site / f"force-{MET}.html").read_text()
    found = re.search(r'id="charts">(.*?)</script>', html)
    assert found
    charted = json.loads(found[1])["charts"]["DISC"]["rows"]
    for name in ("estimate_per_1000", "low", "high", "messages", "contributors"):
        assert charted[name] == [None if row[name] == "[c]" else float(row[name]) for row in rows]


def test_the_challenge_rate_is_drawn_beside_its_table(site: Path, release: Path) -> None:
    with (release / "challenge.csv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if "Q" not in r["period"]]
    columns = ("period", "share", "low", "high", "risky")
    for force, page_name in (("EW", "index"), (MET, f"force-{MET}")):
        expected = [[row[c] for c in columns] for row in rows if row["force_code"] == force]
        withheld = [row[0] for row in expected if row[1] == "[c]"]
        assert withheld == (["2026-03"] if force == MET else [])
        with open_page(site / f"{page_name}.html") as page:
            table = page.content.locator("#table-challenged tbody tr").all()
            assert [row.locator("th, td").all_text_contents() for row in table] == expected
            drawn = page.content.locator('[data-chart="challenged"] svg')
            assert ("Not enough data" in (drawn.text_content() or "")) == bool(withheld)


def test_the_week_is_drawn_beside_its_table(site: Path, release: Path) -> None:
    with (release / "habits.csv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["habit"] == "time_of_week"]
    columns = ("value", "estimate_per_1000", "low", "high")
    for force, page_name in (("EW", "index"), (MET, f"force-{MET}")):
        latest = [r for r in rows if (r["force_code"], r["period"]) == (force, MONTHS[-1])]
        expected = [[row[c] for c in columns] for row in latest]
        with open_page(site / f"{page_name}.html") as page:
            table = page.content.locator("#table-habit-time_of_week tbody tr").all()
            found = [row.locator("th, td").all_text_contents() for row in table]
            drawn = page.content.locator('[data-chart="habit-time_of_week"] svg').text_content()
        assert [cells[:-1] for cells in found] == expected
        for value, rate, *_, each_day in found:
            days = {"weekday": 22, "weekend": 8}[value.split()[0]]  # of June 2026
            assert float(each_day) == pytest.approx(float(rate) / days, abs=0.001)
            assert one_decimal(float(each_day)) in (drawn or "")


def test_where_no_challenge_rate_is_published_the_page_says_so(site: Path) -> None:
    with open_page(site / f"force-{LANCASHIRE}.html") as page:
        section = page.content.locator('section[aria-labelledby="challenge"]')
        assert section.locator("[data-chart]").count() == 0
        assert "Not enough data in any month or quarter" in section.inner_text()


def test_a_withheld_month_is_said_on_the_chart_and_why_on_the_page(site: Path) -> None:
    with open_page(site / f"force-{MET}.html") as page:
        chart = page.content.locator('[data-chart="DISC"]')
        assert "Not enough data" in chart.locator("svg").text_content()
        described = page.content.get_by_role("img", name="1 month is withheld: not enough data.")
        assert described.count() == 3, "DISC, with it all risky content, and what was challenged"
        panel = page.content.locator("figure#DISC figcaption")
        assert "because fewer than 10 people stand behind the figure" in panel.inner_text()


def test_methodology_says_what_counts_how_it_was_measured_and_what_was_withheld(
    site: Path, release: Path
) -> None:
    cells = json.loads((release / "manifest.json").read_text())["cells"]["trends"]
    rates = json.loads(RISKS_CARD.read_text())["error_rates"]["DISC"]
    with open_page(site / "methodology.html") as page:
        page.content.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        said = page.content.inner_text("main")
        row = page.content.get_by_role("row", name="Discriminatory content").all_inner_texts()
    assert load_taxonomy()["DISC"].definition in said
    assert "Equality and Diversity; Authority, Respect and Courtesy" in said
    assert row[0].split("\t")[1] == str(rates["positives"])
    assert f"trends.csv\t{cells['published']:,}\t{cells['suppressed']:,}" in said
    assert "It is the first release." in said
    assert "The attack on this release: passed" in said


def test_training_is_marked(site: Path) -> None:
    """The seeds have the Met train in February 2026."""
    with open_page(site / f"force-{MET}.html") as page:
        assert "Training" in page.content.locator('[data-chart="DISC"] svg').text_content()
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


def test_the_same_release_gives_the_same_site(site: Path, release: Path, tmp_path: Path) -> None:
    build_site(release, tmp_path)
    names = sorted(path.relative_to(site) for path in site.rglob("*") if path.is_file())
    assert names == sorted(
        path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()
    )
    assert all((site / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)
