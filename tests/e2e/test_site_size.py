"""What the largest release there can be makes of the site: 43 forces, 36 months, all published."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.report.site import write_pages
from tests.full_release import write_full_release

PAGE_LIMIT = 400_000  # bytes, beside the shared runtime: issue 8
RUNTIME = "assets/runtime.js"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = write_full_release(tmp_path_factory.mktemp("full"))
    site = tmp_path_factory.mktemp("site")
    write_pages(folder, site)
    return sorted(site.glob("*.html"))


def test_no_page_is_over_the_limit(pages: list[Path]) -> None:
    assert len([page for page in pages if page.name.startswith("force-")]) == 43
    assert {
        page.name: page.stat().st_size for page in pages if page.stat().st_size > PAGE_LIMIT
    } == {}


def test_all_pages_share_one_runtime(pages: list[Path]) -> None:
    """No page carries a copy, and no page asks for another script."""
    for page in pages:
        html = page.read_text()
        assert html.count(RUNTIME) == html.count('id="charts"'), page.name
        assert html.count("<script") in (0, 5), page.name
