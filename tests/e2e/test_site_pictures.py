"""Pictures of every kind of page, from a small phone to a 4K screen, kept for people to look at.

They lie under ``var/screenshots``, which git ignores.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import REPOSITORY
from tests.browser import open_all, open_page, wait_until_drawn
from tests.site_release import KINDS

WIDTHS = (320, 1280, 3840)
HEIGHT = 1600
PICTURES = REPOSITORY / "var" / "screenshots"
LINE = 44  # em: as wide as a line of text may be and still be read


@pytest.fixture
def site(site_release: Path) -> Path:
    return site_release / "site"


@pytest.mark.parametrize("kind", KINDS)
def test_pages_fit_every_width_and_are_pictured(site: Path, kind: str) -> None:
    """Nothing reaches beyond the side, every table open; text keeps to lines that can be read."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with open_page(site / f"{KINDS[kind]}.html") as page:
        content = page.content
        for width in WIDTHS:
            content.set_viewport_size({"width": width, "height": HEIGHT})
            content.reload()
            wait_until_drawn(content)
            content.screenshot(path=PICTURES / f"{KINDS[kind]}-{width}.png", full_page=True)
            open_all(content)
            assert content.evaluate("document.documentElement.scrollWidth") == width
            size = content.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
            for text in content.locator("section > p >> visible=true").all():
                box = text.bounding_box()
                assert box is not None
                assert box["width"] <= LINE * size
