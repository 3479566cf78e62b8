"""The police-chat test set: see the README beside this module."""

from __future__ import annotations

from pathlib import Path

from pipelines.deidentify.training.markup import AnnotatedChat, load_chats

TEST_SET = Path(__file__).parent / "chats"
"""Only measured on."""


def load_test_set(folder: Path = TEST_SET) -> list[AnnotatedChat]:
    """The test set's chats, or those of another folder in the same format."""
    return load_chats(folder)
