"""Write an OpenDocument spreadsheet: plain tables, the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from odfdo import Document

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: when it was written is not content
CONTENT, NO_TABLES = "content.xml", b"<office:spreadsheet/>"
FULL = "<office:spreadsheet>{}</office:spreadsheet>"
TABLE_STARTS = 3  # rows: title, description, header


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet's rows as text. ``numbers`` are the columns whose figures are numbers."""

    name: str
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()


def write_spreadsheet(path: Path, sheets: Sequence[Sheet], month: str) -> None:
    """Write ``sheets`` as ODS, dated to the first of ``month`` (``YYYY-MM``)."""
    document = Document("spreadsheet")
    document.meta.creation_date = datetime.fromisoformat(f"{month}-01")
    document.meta.language = "en-GB"
    document.meta.title = f"Candour release {month}"
    document.body.clear()
    written = io.BytesIO()
    document.save(written)
    _pack_again(written, path, "".join(_table(sheet) for sheet in sheets))


def _table(sheet: Sheet) -> str:
    """As XML: the library's own tables take minutes for the rows of a three-year release."""
    width = max(len(row) for row in sheet.rows)
    repeated = f' table:number-columns-repeated="{width}"' if width > 1 else ""
    columns = f"<table:table-column{repeated}/>"
    rows = "".join(_rows(sheet))
    return f"<table:table table:name={quoteattr(sheet.name)}>{columns}{rows}</table:table>"


def _rows(sheet: Sheet) -> Iterator[str]:
    for at, row in enumerate(sheet.rows):
        cells = (
            _cell(text, number=at >= TABLE_STARTS and column in sheet.numbers)
            for column, text in enumerate(row)
        )
        yield f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(text: str, number: bool) -> str:
    """A figure is a number; shorthand in its place is text, as everything else."""
    if number and not text.startswith("["):
        kind = f'office:value-type="float" office:value={quoteattr(text)}'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(text)}</text:p></table:table-cell>"


def _pack_again(written: io.BytesIO, path: Path, tables: str) -> None:
    """With the tables, in the same order (ODF wants the type first, stored), and without a time."""
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(path, "w") as packed:
        for entry in given.infolist():
            fresh = zipfile.ZipInfo(entry.filename, LONG_AGO)
            fresh.compress_type = entry.compress_type
            content = given.read(entry)
            if entry.filename == CONTENT:
                before, after = content.split(NO_TABLES)
                content = before + FULL.format(tables).encode() + after
            packed.writestr(fresh, content)
