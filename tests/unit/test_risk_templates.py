"""The training templates as shipped: rows the training reader can rely on."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from pipelines import classify
from pipelines.classify.taxonomy import CODES
from pipelines.deidentify.entities import Kind

TEMPLATES = Path(classify.__file__).parent / "training" / "templates"
FILES = sorted(TEMPLATES.glob("*.tsv"))
STANCES = {
    *("endorsed", "quoted", "reported", "challenged"),
    *("figurative", "lawful", "neutral", "none"),
}
PLACEHOLDERS = {f"<{kind}>" for kind in Kind}
GROUP = re.compile(r"\{[^{}|]*(?:\|[^{}|]*)+\}")
MOST_GROUPS = 3


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def rows(request: pytest.FixtureRequest) -> list[list[str]]:
    return _rows(request.param)


def test_there_are_templates_and_each_file_is_named_by_its_category() -> None:
    assert FILES
    assert {path.stem for path in FILES} <= {*CODES, "BENIGN"}


def test_every_line_has_four_filled_columns(rows: list[list[str]]) -> None:
    assert [row for row in rows if len(row) != 4 or not all(map(str.strip, row))] == []


def test_every_stance_and_code_is_known(rows: list[list[str]]) -> None:
    assert {stance for _, stance, _, _ in rows} <= STANCES
    codes = {code for _, _, codes, _ in rows if codes != "-" for code in codes.split(",")}
    assert codes <= set(CODES)


def test_only_an_endorsement_carries_a_risk(rows: list[list[str]]) -> None:
    wrong = [row for row in rows if row[1] != "endorsed" and row[2] not in {"-", "SPUP"}]
    assert wrong == []


def test_every_placeholder_is_one_that_de_identification_writes(rows: list[list[str]]) -> None:
    used = {found for row in rows for found in re.findall(r"<[^>\s]*>?", row[3])}
    assert used - PLACEHOLDERS <= {"<3"}


def test_alternatives_are_closed_and_not_nested(rows: list[list[str]]) -> None:
    for *_, text in rows:
        assert len(GROUP.findall(text)) <= MOST_GROUPS, text
        assert not set(GROUP.sub("", text)) & set("{}"), text


def test_no_text_stands_twice() -> None:
    texts = Counter(text.casefold() for path in FILES for *_, text in _rows(path))
    assert [text for text, count in texts.items() if count > 1] == []


def test_ordinary_chat_carries_no_code() -> None:
    assert {codes for _, _, codes, _ in _rows(TEMPLATES / "BENIGN.tsv")} == {"-"}
