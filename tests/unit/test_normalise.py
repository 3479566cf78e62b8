"""What is one spelling to the classifier."""

import pytest

from pipelines.classify.normalise import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("  on\nmy\tway ", "on my way"),
        ("s c u m", "scum"),
        ("s.c.u.m of the earth", "scum of the earth"),
        ("sc\u200bum", "scum"),
        ("soooooo late", "soo late"),
        ("ＤＥＬＥＴＥ", "DELETE"),
        ("don’t", "don't"),
        ("😂😂😂 ok", "tears joy ok"),
        ("👍🏾 ta", "thumbs up dark skin ta"),
        ("I ❤️ it", "I heavy heart it"),
        ("<PERSON> dob <DATE_OF_BIRTH>", "<PERSON> dob <DATE_OF_BIRTH>"),
        ("it is 5 a m", "it is 5 a m"),
    ],
)
def test_one_spelling(written: str, read: str) -> None:
    assert normalise(written) == read
