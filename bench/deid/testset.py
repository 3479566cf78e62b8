"""The police-chat test set: see the README beside this module."""

from __future__ import annotations

from pathlib import Path

TEST_SET = Path(__file__).parent / "chats"
"""Only measured on."""
