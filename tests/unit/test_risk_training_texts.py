"""Templates: how a line is read and expanded, and that no family is on both sides."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from pipelines.classify.taxonomy import CODES
from pipelines.classify.training.templates import expand, load_templates
from pipelines.classify.training.vary import vary


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("plain", {"plain"}),
        ("{a|b} c", {"a c", "b c"}),
        ("x {y|}", {"x y", "x"}),
        ("{a|{b|c}}", {"a", "b", "c"}),
        ("<PERSON>  is in", {"<PERSON> is in"}),
    ],
)
def test_alternatives(text: str, possible: set[str]) -> None:
    assert {expand(text, random.Random(n)) for n in range(50)} == possible


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("one\tendorsed\tDISC", "X.tsv:1 needs four cells"),
        ("one\tendorsed\tRUDE\tText", "X.tsv:1 names a code the taxonomy does not have"),
    ],
)
def test_a_bad_line_is_named_and_not_quoted(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "X.tsv").write_text(line + "\n")
    with pytest.raises(ValueError, match=complaint):
        load_templates("all", tmp_path)


def test_no_family_is_trained_on_and_validated_with() -> None:
    train, held = load_templates("train"), load_templates("validation")
    assert len(train) + len(held) == len(load_templates("all"))
    assert not {t.family for t in train} & {t.family for t in held}
    assert {code for t in held for code in t.codes} == set(CODES)


def test_every_category_has_200_messages_and_contrasts() -> None:
    for code in CODES:
        assert sum(code in t.codes for t in load_templates("all")) >= 200


def test_variation_keeps_the_categories_and_well_formed_placeholders() -> None:
    rng, written = random.Random(1), load_templates("train")
    for template in rng.sample(written, 300):
        example = vary(template, written, rng)
        assert {code for code, value in example.targets.items() if value} == set(template.codes)
        assert example.text.count("<") == len(re.findall(r"<[A-Z_0-9]+>", example.text))
