"""The notation analysts write the lexicon in, and the text it is matched against."""

import pytest

from pipelines.classify.normalise import normalise
from pipelines.classify.phrases import compile_phrase

LISTS = {"who": ["he", "that one"], "place": ["<address>"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don’t be late", " dont be late "),
        ("5am, 05:00 or 0500hrs", " #time #time or #time "),
        ("unit 14", " unit #number "),
        ("at <DATE_OF_BIRTH>.", " at <date_of_birth> . "),
        ("Body-worn\noff!!", " body worn . off . "),
        ("“lol” 😂", ' " lol " 😂 '),
        ("", " "),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("delete this", "please delete this now", True),
        ("delete this", "undelete this", False),
        ("delete|wipe it", "wipe it", True),
        ("delet* it", "deleting it", True),
        ("body_worn off", "body worn off", True),
        ("delete [all] this", "delete this", True),
        ("delete [all] this", "delete all this", True),
        ("delete .. chat", "delete the whole old chat", True),
        ("delete .. chat", "delete a b c d chat", False),
        ("delete ... chat", "delete a b c d chat", True),
        ("delete ... chat", "Delete it. The chat is fine", False),
        ("{who} goes", "that one goes", True),
        ("{place} at", "<ADDRESS> at", True),
    ],
)
def test_phrase(phrase: str, text: str, matches: bool) -> None:
    assert bool(compile_phrase(phrase, LISTS).regex.search(normalise(text))) is matches


@pytest.mark.parametrize(
    ("phrase", "cues"),
    [
        ("the warrant", {"warrant"}),  # the rarer, longer word
        ("[warrant] at", {"at"}),  # an optional word may be absent
        ("delet* it", {"delet*"}),
        ("in|on body_worn", {"body"}),
    ],
)
def test_cues_are_words_without_which_the_phrase_cannot_match(phrase: str, cues: set[str]) -> None:
    assert compile_phrase(phrase, LISTS).cues == cues


@pytest.mark.parametrize("phrase", ["{whom} goes", "[perhaps]", ".."])
def test_a_phrase_that_cannot_work_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="The phrase"):
        compile_phrase(phrase, LISTS)
