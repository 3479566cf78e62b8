"""Overlapping findings become separate spans that cover every character found."""

from pipelines.deidentify.entities import Finding
from pipelines.deidentify.spans import resolve

TEXT = "Dave Smith lives at 14 Larch Road"


def test_the_surer_finding_keeps_its_type_and_the_rest_keeps_its_own() -> None:
    found = [Finding(0, 10, "PERSON", 0.9), Finding(5, 16, "LOCATION", 0.6)]
    assert resolve(TEXT, found) == [Finding(0, 10, "PERSON", 0.9), Finding(11, 16, "LOCATION", 0.6)]


def test_an_address_swallows_the_surname_in_it() -> None:
    found = [Finding(23, 28, "PERSON", 0.95), Finding(20, 33, "ADDRESS", 0.88)]
    assert resolve(TEXT, found) == [Finding(20, 33, "ADDRESS", 0.88)]


def test_order_of_findings_does_not_matter() -> None:
    found = [
        Finding(0, 4, "PERSON", 0.9),
        Finding(0, 10, "PERSON", 0.9),
        Finding(5, 10, "HANDLE", 0.5),
    ]
    assert resolve(TEXT, found) == resolve(TEXT, found[::-1])


def test_what_is_not_sure_enough_stays() -> None:
    assert resolve(TEXT, [Finding(0, 4, "PERSON", 0.39)]) == []


def test_spaces_round_a_finding_are_left_outside() -> None:
    assert resolve(TEXT, [Finding(0, 5, "PERSON", 0.9)]) == [Finding(0, 4, "PERSON", 0.9)]


def test_an_s_that_a_surer_finding_leaves_goes_to_it() -> None:
    text = "Dave's is shut, Dave's late"
    found = [
        Finding(0, 4, "PERSON", 0.9),
        Finding(0, 6, "LOCATION", 0.5),
        Finding(16, 20, "PERSON", 0.9),
    ]
    assert resolve(text, found) == [Finding(0, 6, "PERSON", 0.9), Finding(16, 20, "PERSON", 0.9)]
