"""Whoever erases a submission waits for whoever reads it, on another host too."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from pipelines.intake.inbox import hold
from pipelines.intake.source import MANIFEST


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / MANIFEST).write_text("{}")
    return tmp_path


def is_held(folder: Path, kind: int) -> bool:
    """By a lock on a file, opened to be written: the one kind that NFS passes to other hosts."""
    with (folder / MANIFEST).open("r+") as other:
        try:
            fcntl.flock(other, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_readers_share_it_and_keep_an_eraser_waiting(folder: Path) -> None:
    with hold(folder) as there:
        assert there
        assert not is_held(folder, fcntl.LOCK_SH)
        assert is_held(folder, fcntl.LOCK_EX)
    assert not is_held(folder, fcntl.LOCK_EX)


def test_an_eraser_keeps_readers_waiting(folder: Path) -> None:
    with hold(folder, alone=True) as there:
        assert there
        assert is_held(folder, fcntl.LOCK_SH)


def test_what_an_eraser_that_was_killed_left_is_for_another_but_not_to_be_read(
    folder: Path,
) -> None:
    (folder / MANIFEST).unlink()
    with hold(folder) as there:
        assert not there
    with hold(folder, alone=True) as there:
        assert there
