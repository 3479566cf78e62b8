"""WCAG 2.2 AA on every kind of page, as far as a machine can tell, and what readers may prefer."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import open_page, violations
from tests.site_release import KINDS, MET


@pytest.fixture
def site(site_release: Path) -> Path:
    return site_release / "site"


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_wrong(site: Path, kind: str) -> None:
    with open_page(site / f"{KINDS[kind]}.html") as page:
        for scheme in ("light", "dark"):
            page.content.emulate_media(color_scheme=scheme)
            assert violations(page.content) == [], scheme


def test_axe_would_find_something_wrong(site: Path) -> None:
    """A text too pale and a picture without words: the check can fail."""
    with open_page(site / "data.html") as page:
        page.content.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend',"
            '\'<p style="color: #ccc; background: #fff">pale</p><img src="data:,">\')'
        )
        assert [found.split(":")[0] for found in violations(page.content)] == [
            "color-contrast",
            "image-alt",
        ]


def test_every_chart_has_words_a_table_and_downloads(site: Path) -> None:
    for kind in ("index", f"force-{MET}", "compare"):
        with open_page(site / f"{kind}.html") as page:
            figures = page.content.locator("figure:has([data-chart])").all()
            assert figures, kind
            for figure in figures:
                said = figure.get_by_role("img").get_attribute("aria-label") or ""
                title, sentence = figure.locator("h3").inner_text(), figure.locator("p").all()
                assert said.startswith(f"{title}. ") and len(said) > len(title) + 20
                assert any(said.endswith(p.inner_text()) for p in sentence), said
                assert figure.locator("details table tbody tr").count() > 0
                assert figure.get_by_role("button").count() == 3


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent"))


def test_the_keyboard_reaches_filters_downloads_and_tables(site: Path) -> None:
    with open_page(site / f"force-{MET}.html") as page:
        content = page.content
        content.locator("#filter-category").focus()
        content.keyboard.type("Disc")
        reached = []
        for _ in range(4):
            content.keyboard.press("Tab")
            reached.append(focused(content))
        assert reached == ["filter-from", "filter-to", "Show", "Show everything"]
        content.keyboard.press("Shift+Tab")
        content.keyboard.press("Enter")
        content.wait_for_url("**?category=DISC")
        figure = content.locator("figure#DISC")
        figure.get_by_role("button").first.focus()
        with content.expect_download() as download:
            content.keyboard.press("Enter")
        assert download.value.suggested_filename.endswith(".csv")
        for _ in range(3):
            content.keyboard.press("Tab")
        content.keyboard.press("Enter")
        assert figure.locator("table").is_visible()
        content.keyboard.press("Tab")
        assert content.evaluate("document.activeElement.getAttribute('aria-label')") == (
            "Table: Discriminatory content"
        )


def test_focus_is_seen(site: Path) -> None:
    """Each thing the keyboard reaches looks other with the focus than without."""
    look = "(one) => { const s = getComputedStyle(one); return s.outline + s.boxShadow; }"
    with open_page(site / f"force-{MET}.html") as page:
        for selector in ("main a", "summary", "button", "select", ".scroll"):
            one = page.content.locator(f"{selector} >> visible=true").first
            before = one.evaluate(look)
            page.content.keyboard.press("Tab")  # so that focus comes from the keyboard
            one.focus()
            assert one.evaluate(look) != before, selector


def test_targets_are_large_enough(site: Path) -> None:
    """24 CSS pixels (WCAG 2.2, 2.5.8), but for links within a sentence."""
    with open_page(site / f"force-{MET}.html", width=320) as page:
        for control in page.content.locator("main button, main select, main summary").all():
            box = control.bounding_box()
            assert box is None or min(box["width"], box["height"]) >= 24


def test_printed_pages_leave_out_what_only_a_screen_can_use(site: Path) -> None:
    with open_page(site / f"force-{MET}.html", color_scheme="dark") as page:
        page.content.emulate_media(media="print")
        for gone in ("header.site nav", ".fields", ".tools", "summary", ".contents"):
            assert page.content.locator(f"{gone} >> visible=true").count() == 0, gone
        assert page.content.locator("[data-chart] svg >> visible=true").count() > 2
        background = "getComputedStyle(document.documentElement).backgroundColor"
        assert page.content.evaluate(background) == "rgb(255, 255, 255)"


def test_nothing_moves_for_whoever_asks_for_less_motion(site: Path) -> None:
    scrolling = "getComputedStyle(document.documentElement).scrollBehavior"
    with open_page(site / "data.html") as page:
        for asked, expected in (("no-preference", "smooth"), ("reduce", "auto")):
            page.content.emulate_media(reduced_motion=asked)
            assert page.content.evaluate(scrolling) == expected
            assert page.content.evaluate("document.getAnimations().length") == 0
