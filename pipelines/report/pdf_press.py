"""Typst, as the reports use it: one of the templates and its data in, the bytes of a PDF out.

PDF/UA-1, and the same bytes for the same data wherever they are made: the letters are those of a
package, never the machine's, and the date is the release's.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import font_source_sans_pro
import typst

TEMPLATES = Path(__file__).resolve().parent / "templates"
STANDARD: typst.PDFStandard = "ua-1"
LETTERS = ("SourceSansPro-Regular.otf", "SourceSansPro-Bold.otf")

Press = Callable[[str, Mapping[str, Any]], bytes]
"""A template's name and its data, to a PDF. ``typst.TypstError`` where that breaks PDF/UA-1."""


@contextmanager
def open_press() -> Iterator[Press]:
    """A press for as many documents as there are."""
    with TemporaryDirectory() as letters:
        # The package holds each face twice, as OTF and TTF, and typst would take either.
        for name in LETTERS:
            shutil.copy(Path(font_source_sans_pro.font_directory) / name, letters)
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[letters])

        @cache
        def compiler(template: str) -> typst.Compiler:
            return typst.Compiler(TEMPLATES / template, root=TEMPLATES, font_paths=fonts)

        def press(template: str, data: Mapping[str, Any]) -> bytes:
            made, warnings = compiler(template).compile_with_warnings(
                format="pdf", pdf_standards=STANDARD, sys_inputs={"data": json.dumps(data)}
            )
            if warnings or not isinstance(made, bytes):
                raise RuntimeError(f"{template} is drawn badly: {[w.message for w in warnings]}")
            return made

        yield press
