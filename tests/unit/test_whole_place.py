"""What ties one place to another. ``[[...]]`` was found, ``{{...}}`` is what is redacted."""

import re

import pytest

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.whole_place import whole_places

ROWS = [
    # words that say where another place is
    ("stood on the rec on [[Larch Lane]]", "stood on {{the rec on Larch Lane}}"),
    ("at the lido cafe in [[Abermoor]]", "at {{the lido cafe in Abermoor}}"),
    ("by the footbridge by [[Hale Wood]] now", "by {{the footbridge by Hale Wood}} now"),
    ("bus shelter opposite [[the Tulip]]", "{{bus shelter opposite the Tulip}}"),
    ("at the [[plough]], [[Minera Road]]", "at the {{plough}}, {{Minera Road}}"),
    ("[[the Bull]] at [[Tansley]]", "{{the Bull at}} {{Tansley}}"),
    ("[[flat 3]] above the [[Wool Shop]]", "{{flat 3 above the}} {{Wool Shop}}"),
    ("[[Graig]], top of [[Heol Felin]]", "{{Graig}}, {{top of Heol Felin}}"),
    ("junction of [[Salt Lane]] and [[Coyte Rd]]", "{{junction of Salt Lane and}} {{Coyte Rd}}"),
    # the numbers of its houses
    ("burg at [[Pit Lane]] 40 and 44.", "burg at {{Pit Lane 40 and 44}}."),
    ("back at [[Tallow Hill]], no. 33", "back at {{Tallow Hill, no. 33}}"),
    ("uni [[Tennyson]] room B14 please", "uni {{Tennyson room B14}} please"),
    ("2 [[Bathgate]] done overnight", "{{2 Bathgate}} done overnight"),
    # what says nothing of where
    ("[[Larch Lane]] and [[Coyte Rd]]", "{{Larch Lane}} and {{Coyte Rd}}"),
    ("on [[Larch Lane]] 10 mins", "on {{Larch Lane}} 10 mins"),
    ("on [[Larch Lane]] 2 males", "on {{Larch Lane}} 2 males"),
    ("on [[Larch Lane]] 14:30", "on {{Larch Lane}} 14:30"),
    ("at 14:30 [[Larch Lane]]", "at 14:30 {{Larch Lane}}"),
    ("paid 2.50 [[Larch Lane]]", "paid 2.50 {{Larch Lane}}"),
    ("fight in [[Abermoor]]", "fight in {{Abermoor}}"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "redacted"), ROWS)
def test_what_ties_places_goes_with_them(found: str, redacted: str) -> None:
    text = re.sub(r"\[\[|\]\]", "", found)
    spans = [
        Finding(match.start() - 4 * n, match.end() - 4 * (n + 1), Kind.LOCATION, 0.8)
        for n, match in enumerate(re.finditer(r"\[\[.*?\]\]", found))
    ]
    shown = text
    for span in reversed(whole_places(text, spans)):
        shown = f"{shown[: span.start]}{{{{{text[span.start : span.end]}}}}}{shown[span.end :]}"
    assert shown == redacted


def test_a_person_is_no_place() -> None:
    dave = Finding(11, 15, Kind.PERSON, 0.8)
    assert whole_places("the rec on Dave", [dave]) == [dave]
