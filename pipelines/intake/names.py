"""When two display names are the same person's."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def same_person(one: str, other: str) -> bool:
    """Whether two display names differ at most in case, invisible marks and spacing."""
    return plain_name(one) == plain_name(other)


@lru_cache(maxsize=4096)  # asked of every message's sender
def plain_name(name: str) -> str:
    """A display name without case, invisible marks or odd spacing."""
    name = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(c for c in name if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())
