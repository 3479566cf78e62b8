"""Every way a member's name may be written."""

import pytest

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.members import Members
from pipelines.deidentify.roster import build_roster
from pipelines.deidentify.text import tokenise

PEOPLE = [
    "Dave Smith",
    "Sgt Priya Kaur",
    "Kirsty McAllister",
    "Will",
    "+44 7700 900123",
    "Ursula G",
]
GROUPS = ["B Relief Banter", "Larchfield Response"]

NAMED = [
    ("dave smith is on", ["dave smith"]),
    ("Smith, Dave", ["Smith, Dave"]),
    ("is that davey's", ["davey"]),
    ("Daaaave!!", ["Daaaave"]),
    ("daves car", ["daves"]),
    ("ask kirstie", ["kirstie"]),
    ("krisy owes me", []),
    ("kirtsy owes me", ["kirtsy"]),
    ("macca is late", ["macca"]),
    ("smithy has it", ["smithy"]),
    ("davesmith on snap", ["davesmith"]),
    ("DS is on nights, DS Kaur", ["Kaur"]),
    ("cheers will", ["will"]),
    ("Will said no", ["Will"]),
    ("will you be in", []),
    ("ask will if he can", ["will"]),
    ("urs is bringing cake", ["urs"]),
    ("B Relief Banter is muted", ["B Relief Banter"]),
    ("the relief is short", []),
    ("sgt on the desk", []),
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_members_are_found_however_written(text: str, expected: list[str]) -> None:
    tokens = tokenise(text)
    roster = build_roster(PEOPLE, GROUPS, (token.low for token in tokens))
    found = Members(roster).find(text, tokens)
    assert [text[f.start : f.end] for f in found] == expected


def test_a_spelling_of_a_spelling_is_found_whatever_python_hashes_first() -> None:
    written = ["kirtsy", "kirstyy", "kirrsty"]
    numbered = {f"{word}{number}" for word in written for number in range(5)}
    assert numbered <= build_roster(["Kirsty McAllister"], (), {*written, *numbered}).words.keys()


def test_a_group_is_an_organisation() -> None:
    roster = build_roster([], GROUPS)
    assert roster.phrases["b"] == ((("b", "relief", "banter"), Kind.ORGANISATION),)


def test_a_roster_shows_no_name() -> None:
    assert "dave" not in repr(build_roster(["Dave Smith"])).lower()
