"""What no file of a release may hold, packed or not."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.release.audit.scan import find_forbidden, forbidden_in
from pipelines.release.policy import Reason

BY_EXPRESSION = {
    "a keyed code": rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])",
    "a submission's id": rb"(?<![0-9a-f])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])",
    "a reason for withholding": b"|".join(reason.value.encode() for reason in Reason),
}
"""The same, slowly."""

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


runs = st.builds(
    lambda digit, n: digit * n,
    st.sampled_from(b"09afAF").map(lambda b: bytes([b])),
    st.sampled_from([1, 4, 8, 12, 31, 32, 33]),
)
ids = st.builds(b"-".join, st.permutations([b"a" * 8, b"0" * 4, b"F" * 4, b"9" * 4, b"e" * 12]))
reasons = st.sampled_from([r.value.encode() for r in Reason]).flatmap(
    lambda r: st.sampled_from([r, r.upper(), r[:-1]])
)
pieces = st.one_of(runs, ids, reasons, st.sampled_from([b"-", b" ", b"g", b"\0", b"\xc3\xa9"]))


@given(st.lists(pieces, max_size=8).map(b"".join))
def test_it_finds_what_the_expressions_say(text: bytes) -> None:
    expected = {w for w, e in BY_EXPRESSION.items() if re.search(e, text, re.IGNORECASE)}
    assert set(forbidden_in(text)) == expected
