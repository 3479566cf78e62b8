"""What no file of a release may hold, packed or not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from pipelines.release.audit.scan import find_forbidden

CODE = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("content", ["nothing but 1,200", "sha256 " + CODE * 2])
def test_ordinary_content_passes(tmp_path: Path, content: str) -> None:
    (tmp_path / "trends.csv").write_text(content)
    assert list(find_forbidden(tmp_path)) == []


def test_a_keyed_code_is_found(tmp_path: Path) -> None:
    (tmp_path / "trends.csv").write_text(f"a,{CODE},b")
    assert list(find_forbidden(tmp_path)) == ["trends.csv (a keyed code)"]


def test_a_keyed_code_inside_a_spreadsheet_is_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "candour.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", f"<cell>{CODE}</cell>" * 50)
    assert list(find_forbidden(tmp_path)) == ["candour.ods (a keyed code)"]
