"""Nicknames that the text explains."""

import pytest

from pipelines.deidentify.recognisers.alias import Alias
from tests.unit.recognisers.table import Finder, check

finder = Finder(Alias())

ROWS = [
    'calls himself "[[Cobra]]" on there',
    'one called the other "[[Dread]]"',
    "known as '[[big moth]]' round here",
    "aka [[spanner]]",
    "goes by [[Tiny]] now",
    "street name [[dread]], no real name yet",
    "[[spanner]] is Craig Voysey",
    "[[dread]] is andre whitlock",
    "who? [[moth]]?? thats Timothy Raikes",
    "[[KT]] early, [[OB]] late, [[LP]] night",
    "tomorrow: [[kt]] early, [[ob]] off",
    "night [[dk]]/[[nn]] again",
    "[[ob]] + [[jm]] on the front",
    "TR/CU/0881",
    "am/pm whatever",
    # said of a role, or of nobody
    "driver is Craig Voysey",
    "OIC is Craig Voysey",
    "informant is andre whitlock",
    "sunday is grim",
    "call him back",
    'called him "the"',
    "we early, on late",
    "KT early",
]


@pytest.mark.parametrize("marked", ROWS)
def test_rows(marked: str) -> None:
    check(finder, marked)
