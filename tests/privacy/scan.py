"""Look for planted identifiers in every byte of a folder, in the encodings a leak would take."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from tests.pdf import text_of

CODECS = ("utf-8", "utf-16-le", "utf-16-be")
HEAD = 6  # bytes: no planted value is shorter in any encoding
BLOCK = 1 << 22


def encodings(value: str) -> set[bytes]:
    """The byte strings ``value`` could have leaked as."""
    spellings = {value, value.lower(), value.upper()}
    escaped = {json.dumps(s)[1:-1] for s in spellings}
    return {s.encode(codec) for s in spellings | escaped for codec in CODECS}


def find_leaks(folders: Iterable[Path], values: Iterable[str]) -> list[tuple[Path, int]]:
    """(file, how many of the planted values it holds), for every file that holds any."""
    needles = Needles(values)
    return [
        (path, len(found))
        for folder in folders
        for path in _files(folder)
        if (found := needles.found(_content(path)))
    ]


class Needles:
    """Hundreds of values in a dozen encodings each, looked for in one pass over the bytes: a place
    where three bytes are the first of a needle is looked at closely.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self._by_head: dict[bytes, list[tuple[bytes, str]]] = defaultdict(list)
        for value in values:
            for form in encodings(value):
                self._by_head[form[:HEAD]].append((form, value))
        self._starts = np.zeros(1 << 24, bool)
        for head in self._by_head:
            assert len(head) == HEAD
            self._starts[head[0] | head[1] << 8 | head[2] << 16] = True

    def found(self, content: bytes) -> set[str]:
        """The values that are in ``content``."""
        return {
            value
            for at in self._candidates(content)
            for form, value in self._by_head.get(content[at : at + HEAD], ())
            if content.startswith(form, at)
        }

    def _candidates(self, content: bytes) -> Iterator[int]:
        for start in range(0, len(content), BLOCK):
            block = np.frombuffer(content[start : start + BLOCK + 2], np.uint8).astype(np.int32)
            first = block[:-2] | block[1:-1] << 8 | block[2:] << 16
            yield from (start + np.flatnonzero(self._starts[first])).tolist()


def _content(path: Path) -> bytes:
    """A file's bytes; of a PDF, which holds numbers of glyphs, what a reader sees as well."""
    return path.read_bytes() + (text_of(path).encode() if path.suffix == ".pdf" else b"")


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file())
