"""Choosing what a page shows, linking to that view, and taking it away as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import OpenPage, open_all, open_page, wait_until_drawn
from tests.site_release import MET

SPRING = "?category=DISC&from=2026-03&to=2026-05"
DISC = "figure#DISC"


@pytest.fixture
def release(site_release: Path) -> Path:
    return site_release


@pytest.fixture
def met(release: Path) -> Iterator[OpenPage]:
    with open_page(release / "site" / f"force-{MET}.html", accept_downloads=True) as page:
        yield page
        assert page.errors == []
        assert page.requests_outside == []


def choose(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"#filter-{name}").select_option(value)
    page.get_by_role("button", name="Show", exact=True).click()


def categories_seen(page: Page) -> list[str]:
    return [
        figure.get_attribute("id") or ""
        for figure in page.locator("figure[data-category] >> visible=true").all()
    ]


def periods_seen(page: Page) -> list[str]:
    open_all(page)
    return page.locator(f"{DISC} tbody tr >> visible=true").locator("th").all_inner_texts()


def axis_of(page: Page) -> list[str]:
    """The months on the time axis of DISC."""
    return page.locator(f"{DISC} svg .role-axis-label text").all_text_contents()


def view_of(page: Page) -> tuple[list[str], list[str], list[str], str]:
    wait_until_drawn(page)
    status = page.locator(".filters [role=status]").inner_text()
    return categories_seen(page), periods_seen(page), axis_of(page), status


def test_a_choice_shows_that_category_and_those_months_and_is_in_the_address(
    met: OpenPage,
) -> None:
    page = met.content
    assert categories_seen(page) == ["ANY", "DISC"]
    choose(page, category="DISC", **{"from": "2026-03", "to": "2026-05"})
    assert page.url.endswith(SPRING)
    categories, periods, axis, status = view_of(page)
    assert categories == ["DISC"]
    assert periods == ["2026-03", "2026-04", "2026-05"]
    assert [text for text in axis if "2026" in text] == ["Mar 2026", "Apr 2026", "May 2026"]
    assert status.startswith("Showing Discriminatory content, March 2026 to May 2026.")
    glance = page.locator('section[aria-labelledby="glance"]').inner_text()
    assert "Of all months of this release, January 2026 to June 2026, whichever" in glance


def test_a_link_to_a_view_shows_that_view(met: OpenPage) -> None:
    page = met.content
    choose(page, category="DISC", **{"from": "2026-03", "to": "2026-05"})
    chosen = view_of(page)
    page.goto(page.url)
    assert view_of(page) == chosen
    assert page.locator("#filter-from").input_value() == "2026-03"


def test_going_back_undoes_a_choice(met: OpenPage) -> None:
    page = met.content
    whole = view_of(page)
    choose(page, category="DISC", to="2026-02")
    assert view_of(page) != whole
    page.go_back()
    assert view_of(page) == whole


def test_everything_is_one_button_away(met: OpenPage) -> None:
    page = met.content
    whole = view_of(page)
    choose(page, category="DISC", **{"from": "2026-04"})
    page.get_by_role("button", name="Show everything").click()
    assert view_of(page) == whole
    assert "?" not in page.url


def test_another_place_is_shown_with_the_same_choice(met: OpenPage) -> None:
    page = met.content
    choose(page, place="index.html", category="DISC", **{"from": "2026-03", "to": "2026-05"})
    page.wait_for_url(f"**/index.html{SPRING}")
    categories, periods, _, _ = view_of(page)
    assert categories == ["DISC"]
    assert periods == ["2026-03", "2026-04", "2026-05"]
    assert page.locator("#filter-place").input_value() == "index.html"


def test_an_address_that_makes_no_sense_shows_everything(met: OpenPage) -> None:
    page = met.content
    whole = view_of(page)
    page.goto(page.url + "?category=%3Cscript%3E&from=1999-01&to=x")
    assert view_of(page) == whole


def test_a_category_without_a_figure_says_so(met: OpenPage) -> None:
    choose(met.content, category="SEXM")
    wait_until_drawn(met.content)
    said = met.content.locator('section[aria-labelledby="trends"]').inner_text()
    assert "Not enough data in any month or quarter" in said
    assert "Sexism, misogyny and sexualised content" in said
    assert categories_seen(met.content) == []


PAUSE = 150  # milliseconds: Chromium drops what a page saves beyond ten files in a second


def download(page: Page, figure: str, button: str) -> tuple[str, bytes]:
    with page.expect_download() as found:
        page.locator(figure).get_by_role("button", name=button).click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


def table_of(page: Page, figure: str) -> list[list[str]]:
    open_all(page)
    rows = page.locator(f"{figure} tbody tr >> visible=true").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def test_every_download_is_its_table(met: OpenPage) -> None:
    page = met.content
    for figure in page.locator("figure:has([data-chart])").all():
        page.wait_for_timeout(PAUSE)
        name = f"figure#{figure.get_attribute('id')}"
        _, taken = download(page, name, "CSV")
        _, *rows = csv.reader(io.StringIO(taken.decode()))
        assert rows == table_of(page, name), name


def test_the_download_is_the_release(met: OpenPage, release: Path) -> None:
    """The Met's DISC, the month withheld too, in the columns that the release has."""
    name, taken = download(met.content, DISC, "CSV")
    assert name == "candour-2026-06-metropolitan-police-service-discriminatory-content.csv"
    found = list(csv.DictReader(io.StringIO(taken.decode())))
    with (release / "trends.csv").open(newline="") as file:
        expected = [
            {column: row[column] for column in found[0]}
            for row in csv.DictReader(file)
            if (row["force_code"], row["category"]) == (MET, "DISC") and "Q" not in row["period"]
        ]
    assert found == expected
    assert found[2]["estimate_per_1000"] == "[c]"


def test_a_download_holds_the_months_shown(met: OpenPage) -> None:
    choose(met.content, to="2026-02")
    _, taken = download(met.content, DISC, "CSV")
    rows = list(csv.DictReader(io.StringIO(taken.decode())))
    assert [row["period"] for row in rows] == ["2026-01", "2026-02"]


def test_pictures_are_pictures_under_their_title(met: OpenPage) -> None:
    name, svg = download(met.content, DISC, "SVG")
    assert name.endswith("discriminatory-content.svg")
    assert b"Discriminatory content, Metropolitan Police Service" in svg
    assert b"Not enough data" in svg
    assert b"http" not in svg.replace(b"http://www.w3.org/", b""), "nothing fetched"
    name, png = download(met.content, DISC, "PNG")
    assert name.endswith("discriminatory-content.png")
    assert png.startswith(b"\x89PNG")


def test_compared_forces_can_be_cut_to_a_category(release: Path) -> None:
    with open_page(release / "site" / "compare.html", query="?category=DISC") as page:
        assert categories_seen(page.content) == ["funnel-DISC"]
        names = page.content.locator("#table-funnel-DISC tbody th").all_text_contents()
    assert names == ["Metropolitan Police Service"], "the others are withheld, and not drawn"
