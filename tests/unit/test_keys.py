"""Keys: made once, private files, never shown."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pipelines.errors import CallerError
from pipelines.keys import PSEUDONYM_BYTES, generate_keys, load_keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    generate_keys(tmp_path / "keys")
    return tmp_path / "keys"


def test_files_are_private(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()} == {0o600}


def test_a_home_that_is_made_with_them_is_private_and_one_that_was_there_is_left(
    tmp_path: Path,
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o750)
    generate_keys(tmp_path / "home" / "keys")
    generate_keys(shared / "keys")
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    assert stat.S_IMODE(shared.stat().st_mode) == 0o750


def test_generate_refuses_to_replace_keys(folder: Path) -> None:
    with pytest.raises(CallerError, match="already holds keys"):
        generate_keys(folder)


def test_keys_open_to_others_are_refused(folder: Path) -> None:
    (folder / "data.key").chmod(0o644)
    with pytest.raises(CallerError, match="chmod 600"):
        load_keys(folder)


def test_a_missing_key_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="candour keys generate"):
        load_keys(tmp_path)


def test_repr_shows_no_secret(folder: Path) -> None:
    keys = load_keys(folder)
    assert repr(keys) == "Keys()"


def test_pseudonyms_differ_by_purpose_and_by_where_parts_end(folder: Path) -> None:
    keys = load_keys(folder)
    made = {
        keys.pseudonymise("chat", "ab", "c"),
        keys.pseudonymise("chat", "a", "bc"),
        keys.pseudonymise("author", "ab", "c"),
    }
    assert len(made) == 3
    assert {len(m) for m in made} == {PSEUDONYM_BYTES}
    assert keys.pseudonymise("chat", "ab", "c") in made


def test_two_collections_never_share_a_pseudonym(folder: Path, tmp_path: Path) -> None:
    generate_keys(tmp_path / "other")
    assert load_keys(folder).pseudonymise("chat", "a") != load_keys(
        tmp_path / "other"
    ).pseudonymise("chat", "a")
