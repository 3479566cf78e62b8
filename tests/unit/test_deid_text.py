"""Folding: what recognisers see, and the way back to what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.deidentify.text import clean, fold, key, tokenise

FOLDED = [
    ("Ｄａｖｅ", "Dave"),
    ("José", "Jose"),
    ("Jose\u0301", "Jose"),
    ("D\u0336a\u0336v\u0336e\u0336", "Dave"),
    ("O’Neill", "O'Neill"),
    ("Smith–Jones", "Smith-Jones"),
    ("D\u0430ve", "Dave"),  # a Cyrillic a
]


@pytest.mark.parametrize(("written", "seen"), FOLDED)
def test_disguises_are_folded(written: str, seen: str) -> None:
    assert fold(written).text == seen


def test_invisible_characters_go_but_emoji_stay_joined() -> None:
    assert clean("D\u200bave \u2068Dave\u2069") == "Dave Dave"
    assert clean("D\u200dave") == "Dave"
    assert clean("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


def test_what_looks_like_a_placeholder_is_not_one() -> None:
    assert clean("<PERSON> <Media omitted>") == "‹PERSON> <Media omitted>"


def test_offsets_lead_back_to_the_original() -> None:
    folded = fold("ring Jose\u0301 now")
    start = folded.text.index("Jose")
    first, last = folded.to_original(start, start + 4)
    assert "ring Jose\u0301 now"[first:last] in {"Jose", "Jose\u0301"}


def test_a_name_is_compared_without_case_or_accent() -> None:
    assert key(" ~ Zoë  O’Neill 🚓") == "zoe o'neill"


@given(st.text(max_size=80))
def test_any_text_folds_with_consistent_offsets(written: str) -> None:
    shown = clean(written)
    folded = fold(shown)
    for token in tokenise(folded.text):
        start, end = folded.to_original(token.start, token.end)
        assert 0 <= start < end <= len(shown)
