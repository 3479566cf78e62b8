"""The byte scan finds a planted value however it leaked; otherwise its silence proves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from tests.privacy.scan import find_leaks

CANARY = "Zoë Quillfeather"


@pytest.mark.parametrize(
    "leak",
    [
        CANARY.encode(),
        CANARY.lower().encode(),
        CANARY.upper().encode(),
        CANARY.encode("utf-16-le"),
        b'{"name": "Zo\\u00eb Quillfeather"}',
        b"\x00\xff" + CANARY.encode() + b"\x00",
    ],
)
def test_each_encoding_is_found(tmp_path: Path, leak: bytes) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.bin").write_bytes(b"before" + leak + b"after")
    assert find_leaks([tmp_path], [CANARY]) == [(tmp_path / "deep" / "file.bin", 1)]


def test_it_is_found_on_a_page_of_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(typst.compile(f"Before {CANARY} after.".encode(), ignore_system_fonts=True))
    assert CANARY.encode() not in path.read_bytes()
    assert find_leaks([tmp_path], [CANARY]) == [(path, 1)]


def test_a_clean_folder_has_none(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("Quill feather")
    assert find_leaks([tmp_path], [CANARY]) == []
