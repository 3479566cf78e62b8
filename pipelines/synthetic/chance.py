"""Chance that repeats: every draw of a collection comes from a generator seeded here."""

from __future__ import annotations

from random import Random


def seeded(*parts: object) -> Random:
    """A generator for this purpose alone, the same on every machine and in every process."""
    return Random("/".join(map(str, parts)))  # noqa: S311  (repeatable on purpose, guards nothing)
