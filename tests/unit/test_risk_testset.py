"""The police-register risk test set has the shape its README promises."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.deidentify.entities import Kind

ROOT = Path(__file__).parents[2]
TEST_SET = ROOT / "bench" / "risk" / "police.tsv"
TAXONOMY = ROOT / "pipelines" / "classify" / "taxonomy.json"

A_CATEGORY = 45  # at least this many messages of each category in the slice `risk`
LOOKALIKES = 12  # at least this many hard negatives for each category
SLICES = {  # the fewest messages of each
    "benign": 200,
    "hard_negative": 150,
    "negation": 25,
    "quotation": 25,
    "counter_speech": 25,
    "neutral_identity": 25,
    "positive_identity": 25,
    "reclaimed": 25,
    "profanity_no_target": 25,
    "spelling_tricks": 25,
}
SHARED_RUN = 5  # words in a row that no two messages share, so that no family of templates hides


class Row(NamedTuple):
    id: str
    slice: str
    codes: tuple[str, ...]
    text: str


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with TEST_SET.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
        assert table.fieldnames == ["id", "slice", "codes", "text"]
        return [
            Row(
                line["id"],
                line["slice"],
                () if line["codes"] == "-" else tuple(line["codes"].split(",")),
                line["text"],
            )
            for line in table
        ]


@pytest.fixture(scope="module")
def known() -> list[str]:
    return [c["code"] for c in json.loads(TAXONOMY.read_text("utf-8"))["categories"]]


def test_every_category_has_enough_messages(rows: list[Row], known: list[str]) -> None:
    counted = Counter(code for row in rows if row.slice == "risk" for code in row.codes)
    assert {code: n for code in known if (n := counted[code]) < A_CATEGORY} == {}


def test_every_slice_has_enough_messages(rows: list[Row]) -> None:
    counted = Counter(row.slice for row in rows)
    assert set(counted) == {"risk", *SLICES}
    assert {name: counted[name] for name, least in SLICES.items() if counted[name] < least} == {}


def test_every_category_has_enough_lookalikes(rows: list[Row], known: list[str]) -> None:
    counted = Counter(row.id.split("-")[1] for row in rows if row.slice == "hard_negative")
    assert set(counted) == {code.lower() for code in known}
    assert min(counted.values()) >= LOOKALIKES


def test_codes_are_known_and_fit_the_slice(rows: list[Row], known: list[str]) -> None:
    for row in rows:
        assert set(row.codes) <= set(known), row.id
        assert len(set(row.codes)) == len(row.codes), row.id
        risky = set(row.codes) - {"SPUP"}
        match row.slice:
            case "risk":
                assert row.id.split("-")[0].upper() in row.codes, row.id
            case "spelling_tricks":
                assert risky, row.id
            case "counter_speech":
                assert row.codes == ("SPUP",), row.id
            case "hard_negative" | "quotation":
                assert not risky, row.id
            case "negation":
                pass  # both ways: a denial, and "I'm not racist but"
            case _:
                assert row.codes == (), row.id


def test_placeholders_are_those_of_de_identification(rows: list[Row]) -> None:
    for row in rows:
        rest = re.sub(rf"<(?:{'|'.join(Kind)})>", "", row.text)
        assert "<" not in rest and ">" not in rest, row.id


def test_no_message_is_there_twice_or_shares_a_template(rows: list[Row]) -> None:
    assert len({row.id for row in rows}) == len(rows)
    assert len({row.text.casefold() for row in rows}) == len(rows)
    having: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        words = re.findall(r"[\w']+", row.text.casefold())
        for start in range(len(words) - SHARED_RUN + 1):
            having[tuple(words[start : start + SHARED_RUN])].add(row.id)
    assert [ids for ids in having.values() if len(ids) > 1] == []


def test_text_is_one_clean_line(rows: list[Row]) -> None:
    for row in rows:
        assert row.text == row.text.strip() and row.text.isprintable(), row.id
