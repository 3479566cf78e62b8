"""What several tests of the site open: made once, and never changed by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site_release import make_site_release


@pytest.fixture(scope="session")
def site_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site_release(tmp_path_factory.mktemp("home"))
