"""What several tests of the site open: made once, and never changed by them; and the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import close_browser
from tests.site_release import make_site_release


@pytest.fixture(scope="session")
def site_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site_release(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module", autouse=True)
def browser_closed() -> Iterator[None]:
    """A file's pages share one Chromium, gone before the next file."""
    yield
    close_browser()
