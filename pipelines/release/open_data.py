"""A release's CSV files again as open data: CSVW metadata beside each, and one spreadsheet.

Both are made from the CSV files as they are and from ``open_data.toml``, which says what every
column holds; neither says anything that the CSV files do not.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.release.publish import read_manifest
from pipelines.release.spreadsheet import Sheet, write_spreadsheet

SPREADSHEET = "candour.ods"
SHORTHAND = {
    "c": "[c] confidential: withheld so that no person can be singled out.",
    "x": "[x] not available: the release has no month on that side of the programme, or publishes "
    "too little for an estimate.",
    "z": "[z] not applicable: there is no such test of those months, or the noisy number of "
    "messages is not above zero, so there is no rate.",
}
"""The markers used of those the Government Analysis Function sets, and what each means here."""

NUMBERS = {"integer", "decimal"}
DATATYPES: dict[str, Any] = {
    "string": "string",
    "month": {"base": "string", "format": "20[0-9]{2}-(0[1-9]|1[0-2])"},
    "period": {"base": "string", "format": "20[0-9]{2}-(0[1-9]|1[0-2]|Q[1-4])"},
    "date": "date",
    "integer": "integer",
    "decimal": "decimal",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``type`` as in ``open_data.toml``, ``shorthand`` what may stand for a value."""

    name: str
    title: str
    type: str
    description: str
    shorthand: tuple[str, ...] = ()

    @property
    def markers(self) -> list[str]:
        """The shorthand as written in a cell."""
        return [f"[{letter}]" for letter in self.shorthand]


@dataclass(frozen=True, slots=True)
class Description:
    """What one CSV file holds."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


@cache
def descriptions() -> dict[str, Description]:
    """Every file that a release may hold, by name without ``.csv``."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {
        name: Description(
            name,
            table["title"],
            table["description"],
            tuple(table["key"]),
            tuple(
                Column(**{**column, "shorthand": tuple(column.get("shorthand", ()))})
                for column in table["columns"]
            ),
        )
        for name, table in tomllib.loads(text).items()
    }


def write_open_data(folder: Path) -> None:
    """Write ``<name>.csv-metadata.json`` beside each CSV of ``folder``, and ``candour.ods``."""
    manifest = read_manifest(folder)
    held = [d for d in descriptions().values() if (folder / d.file).exists()]
    for description in held:
        path = folder / f"{description.file}-metadata.json"
        path.write_text(json.dumps(metadata(description), indent=2) + "\n", encoding="utf-8")
    sheets = [_cover(manifest, held), _notes(held), *(_table(folder, d) for d in held)]
    write_spreadsheet(folder / SPREADSHEET, sheets, manifest["release"])


def metadata(description: Description) -> dict[str, Any]:
    """CSV on the Web metadata (W3C Recommendation of 17 December 2015) of one file."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": description.file,
        "dc:title": description.title,
        "dc:description": description.description,
        "tableSchema": {
            "columns": [_column(column) for column in description.columns],
            "primaryKey": list(description.key),
        },
    }


def _column(column: Column) -> dict[str, Any]:
    said = {
        "name": column.name,
        "titles": column.name,
        "dc:title": column.title,
        "dc:description": column.description,
        "datatype": DATATYPES[column.type],
        "required": not column.shorthand,
    }
    return said | ({"null": column.markers} if column.shorthand else {})


def _cover(manifest: dict[str, Any], held: Sequence[Description]) -> Sheet:
    lines = [
        f"Candour release {manifest['release']}",
        *([manifest["notice"]] if manifest["notice"] else []),
        manifest["approval"]["note"],
        "Made from chats that officers volunteered, with every identity removed. No figure is "
        "about a person, a team or a chat.",
        "Worksheets: Notes, then one table each:",
        *(f"{_sheet_name(d)}: {d.title}" for d in held),
    ]
    return Sheet("Cover", [[line] for line in lines])


def _notes(held: Sequence[Description]) -> Sheet:
    used = {letter for d in held for column in d.columns for letter in column.shorthand}
    rows = [
        ["Notes"],
        ["Shorthand, as the Government Analysis Function sets out:"],
        *([SHORTHAND[letter]] for letter in sorted(used)),
        ["Worksheet", "Column", "Title", "What it is", "Shorthand"],
    ]
    for d in held:
        for c in d.columns:
            markers = " ".join(c.markers)
            rows.append([_sheet_name(d), c.name, c.title, c.description, markers])
    return Sheet("Notes", rows)


def _table(folder: Path, description: Description) -> Sheet:
    """Title, what the table is, then the CSV: its header and every row."""
    with (folder / description.file).open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    numeric = {c.name for c in description.columns if c.type in NUMBERS}
    about = f"{description.description} See Notes for shorthand."
    return Sheet(
        _sheet_name(description),
        [[description.title], [about], header, *rows],
        numbers=frozenset(i for i, name in enumerate(header) if name in numeric),
    )


def _sheet_name(description: Description) -> str:
    return description.name.capitalize()
