"""The taxonomy as shipped, and what a broken one is told."""

import json
from pathlib import Path

import pytest

from pipelines.classify.taxonomy import (
    CODES,
    PROTECTIVE_CODE,
    RISK_CODES,
    TAXONOMY_FILE,
    load_taxonomy,
)


def test_eleven_risks_and_one_strength() -> None:
    assert len(RISK_CODES) == 11
    assert (*RISK_CODES, PROTECTIVE_CODE) == CODES
    assert tuple(category.code for category in load_taxonomy().categories) == CODES


def test_every_category_says_what_is_in_and_out() -> None:
    for category in load_taxonomy().categories:
        assert category.include and category.exclude and category.grounding
        assert category.standards and category.subtags


def test_a_category_is_found_by_its_code() -> None:
    assert load_taxonomy()["OPS"].name == "Operational information on an unapproved channel"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("code", "XXXX", "must list DISC"),
        ("standards", ["Punctuality"], "DISC names unknown standards: Punctuality"),
        ("positives", [], "DISC needs a definition and examples"),
    ],
)
def test_a_broken_taxonomy_says_what_is_wrong(
    tmp_path: Path, key: str, value: object, said: str
) -> None:
    raw = json.loads(TAXONOMY_FILE.read_text())
    raw["categories"][0][key] = value
    broken = tmp_path / "taxonomy.json"
    broken.write_text(json.dumps(raw))
    with pytest.raises(ValueError, match=said):
        load_taxonomy(broken)
