"""Open data read back by other people's readers: CSVW by csvw, the spreadsheet by Calamine."""

from __future__ import annotations

import csv
import json
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from csvw import CSVW

from pipelines.release.open_data import (
    SPREADSHEET,
    Column,
    Description,
    descriptions,
    write_open_data,
)
from pipelines.release.rows import ChallengeRow, EffectRow, HabitRow, ImpactRow, TrendRow, read_rows
from pipelines.release.spreadsheet import TABLE_STARTS
from pipelines.settings import REPOSITORY, Settings
from tests.marts import make_marts, team
from tests.releases import released

MET, CUMBRIA = "E23000001", "E23000002"
FILES = ("trends", "habits", "challenge", "impact", "effects", "training")
READ_AS = {
    **dict.fromkeys(("string", "month", "period"), str),
    "date": datetime,
    "integer": int,
    "decimal": Decimal,
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January and February: the Met trained in February, Cumbria in April; OPS is too rare.

    Enough people were challenged in the two forces together.
    """
    people = [
        person
        for month in ("2026-01", "2026-02")
        for force, size in ((MET, 30), (CUMBRIA, 24))
        for person in team(force, month, size, 20, {"DISC": 12, "OPS": 4}, challenged=6)
    ]
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    return released(make_marts(people), "2026-02", settings)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_sheet(path: Path, name: str) -> list[list[Any]]:
    workbook = python_calamine.load_workbook(str(path))
    return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_the_columns_described_are_those_written() -> None:
    kinds = (TrendRow, HabitRow, ChallengeRow, ImpactRow, EffectRow)
    for name, kind in ((kind.FILE.removesuffix(".csv"), kind) for kind in kinds):
        assert [c.name for c in descriptions()[name].columns] == [f.name for f in fields(kind)]


@pytest.mark.parametrize("name", FILES)
def test_metadata_is_valid_csvw_and_every_cell_is_as_it_says(release: Path, name: str) -> None:
    described = descriptions()[name]
    table = CSVW(str(release / described.file), validate=True)
    assert table.is_valid
    rows = list(table.t)
    assert len(rows) == len(read_csv(release / described.file)) > 0
    for row, written in zip(rows, read_csv(release / described.file), strict=True):
        for column in described.columns:
            check_cell(column, row[column.name], written[column.name])


def check_cell(column: Column, value: Any, written: str) -> None:
    """What the CSVW reader makes of a cell, beside the cell itself."""
    if written.startswith("["):
        assert value is None and written in column.markers
    else:
        assert type(value) is READ_AS[column.type]
        assert str(value).startswith(written)  # a date is read with its midnight


@pytest.mark.parametrize("name", FILES)
def test_metadata_describes_each_column_once(release: Path, name: str) -> None:
    said = json.loads((release / f"{name}.csv-metadata.json").read_text())
    columns = said["tableSchema"]["columns"]
    with (release / f"{name}.csv").open() as file:
        assert [c["name"] for c in columns] == next(csv.reader(file))
    assert all(c["dc:description"] and c["dc:title"] for c in columns)
    assert set(said["tableSchema"]["primaryKey"]) <= {c["name"] for c in columns}
    assert said["url"] == f"{name}.csv"


@pytest.mark.parametrize(
    ("column", "spoilt"), [("messages", "many"), ("period", "last month"), ("low", "[c]?")]
)
def test_a_file_that_is_not_as_described_is_found(
    release: Path, tmp_path: Path, column: str, spoilt: str
) -> None:
    rows = read_csv(release / "trends.csv")
    rows[0][column] = spoilt
    with (tmp_path / "trends.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    copied = (release / "trends.csv-metadata.json").read_text()
    (tmp_path / "trends.csv-metadata.json").write_text(copied)
    assert not CSVW(str(tmp_path / "trends.csv"), validate=True).is_valid


@pytest.mark.parametrize("name", FILES)
def test_the_spreadsheet_is_the_csv_value_for_value(release: Path, name: str) -> None:
    title, _, header, *rows = read_sheet(release / SPREADSHEET, name.capitalize())
    assert title[0] == descriptions()[name].title
    with (release / f"{name}.csv").open(newline="") as file:
        expected_header, *expected = csv.reader(file)
    assert header == expected_header
    assert rows == [as_read(descriptions()[name], row) for row in expected]


def as_read(described: Description, row: list[str]) -> list[Any]:
    """A CSV row as a spreadsheet has it: figures are numbers, shorthand and codes text."""
    return [
        float(text) if c.type in ("integer", "decimal") and not text.startswith("[") else text
        for c, text in zip(described.columns, row, strict=True)
    ]


def test_the_notes_explain_every_column_and_shorthand(release: Path) -> None:
    notes = read_sheet(release / SPREADSHEET, "Notes")
    explained = {(row[0], row[1]): row[4] for row in notes}
    for name in FILES:
        for column in descriptions()[name].columns:
            assert explained[name.capitalize(), column.name] == " ".join(column.markers)
    text = "\n".join(row[0] for row in notes)
    assert "[c] confidential" in text and "[x] not available" in text
    assert "[z] not applicable" in text


def test_the_cover_says_what_it_is_and_how_it_was_approved(release: Path) -> None:
    cover = "\n".join(row[0] for row in read_sheet(release / SPREADSHEET, "Cover"))
    assert "Candour release 2026-02" in cover
    assert "no person has reviewed this release" in cover


def test_a_side_that_has_no_month_is_not_available_and_one_withheld_is_confidential(
    release: Path,
) -> None:
    """The release ends in February: nobody's programme has a month after it."""
    rows = {(r["force_code"], r["category"]): r for r in read_csv(release / "impact.csv")}
    met = rows[MET, "DISC"]
    assert (met["months_before"], met["before_per_1000"] != "[c]") == ("1", True)
    assert (met["months_after"], met["after_per_1000"], met["after_low"]) == ("0", "[x]", "[x]")
    assert rows[MET, "OPS"]["before_per_1000"] == "[c]", "January is there, and withheld"
    read = {(r.force_code, r.category): r for r in read_rows(release, ImpactRow)}
    assert read[MET, "DISC"].after_per_1000 is None


def test_making_open_data_again_gives_the_same_bytes(release: Path, tmp_path: Path) -> None:
    for path in release.iterdir():
        if path.suffix == ".csv" or path.name == "manifest.json":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    write_open_data(tmp_path)
    made = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert made == {name: (release / name).read_bytes() for name in made}
    assert SPREADSHEET in made


def test_figures_start_below_the_header() -> None:
    assert TABLE_STARTS == 3


def test_the_documentation_names_every_column() -> None:
    text = (REPOSITORY / "docs" / "open-data.md").read_text()
    tables = text.partition("\n## Files\n")[2].partition("\n## ")[0]
    sections = dict(zip(descriptions(), tables.split("\n### `")[1:], strict=True))
    for name, section in sections.items():
        assert section.startswith(f"{name}.csv`")
        named = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
        assert named == [column.name for column in descriptions()[name].columns]
