"""Look for planted identifiers in every byte of a folder, in the encodings a leak would take."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path


def encodings(value: str) -> set[bytes]:
    """The byte strings ``value`` could have leaked as."""
    spellings = {value, value.lower(), value.upper()}
    escaped = {json.dumps(s)[1:-1] for s in spellings}
    return {s.encode(codec) for s in spellings | escaped for codec in ("utf-8", "utf-16-le")}


def find_leaks(folders: Iterable[Path], values: Iterable[str]) -> list[tuple[Path, int]]:
    """(file, how many of the planted values it holds), for every file that holds any."""
    needles = {value: encodings(value) for value in values}
    return [
        (path, count)
        for folder in folders
        for path in _files(folder)
        if (count := _count(path.read_bytes(), needles))
    ]


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file())


def _count(content: bytes, needles: dict[str, set[bytes]]) -> int:
    return sum(any(n in content for n in forms) for forms in needles.values())
