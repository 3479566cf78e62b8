"""What somebody reading a PDF finds in it, by a reader that is not the one that wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader


def text_of(path: Path) -> str:
    """All text in reading order, lines and pages run together with single spaces."""
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)


def tags_of(path: Path) -> Iterator[dict[str, Any]]:
    """Every element of the structure tree."""
    waiting = [PdfReader(path).root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if not isinstance(element, dict):
            continue
        yield element
        children = element.get("/K", [])
        waiting += children if isinstance(children, list) else [children]
