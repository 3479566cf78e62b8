"""The lexicon's files: complete, explained, and refused when an edit breaks them."""

import shutil
from pathlib import Path

import pytest

from pipelines.classify.lexicon import LEXICON_FOLDER, load_lexicon
from pipelines.classify.taxonomy import CODES

LEXICON = load_lexicon()


def test_every_category_has_rules_a_bias_and_a_threshold() -> None:
    assert {code for rule in LEXICON.rules for code in rule.codes} == set(CODES)
    assert set(LEXICON.biases) == set(LEXICON.thresholds) == set(CODES)
    assert all(0 < threshold < 1 for threshold in LEXICON.thresholds.values())


def test_suppressors_only_take_away() -> None:
    assert all(rule.weight < 0 for rule in LEXICON.suppressors)
    assert all(rule.weight > 0 for rule in LEXICON.rules)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("OPS.toml", 'why = "', 'note = "', "needs a 'why'"),
        ("OPS.toml", "{when}", "{whenever}", "unknown word list {whenever}"),
        ("OPS.toml", "bias = -5.0", "bias = ", "OPS.toml is not valid TOML"),
        ("stance.toml", '"DISC"', '"DISK"', "known codes"),
    ],
)
def test_a_broken_edit_is_named(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    folder = shutil.copytree(LEXICON_FOLDER, tmp_path / "lexicon")
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))
    with pytest.raises(ValueError, match=said):
        load_lexicon(folder)


def test_the_version_changes_with_the_data(tmp_path: Path) -> None:
    folder = shutil.copytree(LEXICON_FOLDER, tmp_path / "lexicon")
    text = (folder / "OPS.toml").read_text()
    (folder / "OPS.toml").write_text(text.replace("threshold = 0.5", "threshold = 0.6"))
    assert load_lexicon(folder).digest != LEXICON.digest
