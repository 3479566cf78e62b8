"""What belongs to a name beside the part that was found. ``[[...]]`` was found, ``{{...}}`` is
what is redacted."""

import re

import pytest

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.rest_of_name import complete

ROWS = [
    (Kind.LOCATION, "meet in [[alder lane]] car park", "meet in {{alder lane car park}}"),
    (Kind.LOCATION, "[[brindle]] nick, ask at the desk", "{{brindle nick}}, ask at the desk"),
    (Kind.LOCATION, "fight outside the [[plough]]", "fight outside {{the plough}}"),
    (Kind.LOCATION, "he is at st [[osric]]'s", "he is at st {{osric}}'s"),
    (Kind.LOCATION, "he is at [[st osric]]'s now", "he is at {{st osric's}} now"),
    (Kind.LOCATION, "by [[tanners]] kebabs", "by {{tanners kebabs}}"),
    (Kind.ORGANISATION, "[[Hobb]] & Daughters have it", "{{Hobb & Daughters}} have it"),
    (Kind.ORGANISATION, "from [[Fell]] View Trekking", "from {{Fell View Trekking}}"),
    (Kind.PERSON, "owner [[Bettany]] Crumb rang", "owner {{Bettany Crumb}} rang"),
    (Kind.LOCATION, "school run at [[St Osric's]] PS", "school run at {{St Osric's PS}}"),
    (Kind.LOCATION, "in from [[brindle]] asda", "in from {{brindle asda}}"),
    (Kind.PERSON, "fight outside [[tilda]]'s", "fight outside {{tilda's}}"),
    # what follows is somebody's, or ordinary
    (Kind.LOCATION, "left [[brindle]] end of shift", "left {{brindle}} end of shift"),
    (Kind.LOCATION, "in [[Brindle]] Tuesday", "in {{Brindle}} Tuesday"),
    (Kind.LOCATION, "at [[brindle]], car park is full", "at {{brindle}}, car park is full"),
    (Kind.PERSON, "[[dave]] car park is full", "{{dave}} car park is full"),
    (Kind.PERSON, "[[dave]]'s car park", "{{dave}}'s car park"),
    (Kind.PERSON, "tell the [[Bishop]] now", "tell the {{Bishop}} now"),
    (Kind.PERSON, "ask [[Priya]] Sgt said", "ask {{Priya}} Sgt said"),
]


@pytest.mark.parametrize(("kind", "found", "redacted"), ROWS)
def test_the_rest_of_a_name_goes_with_it(kind: Kind, found: str, redacted: str) -> None:
    text = re.sub(r"\[\[|\]\]", "", found)
    (span,) = complete(text, [Finding(found.index("[["), found.index("]]") - 2, kind, 0.8)])
    assert (
        f"{text[: span.start]}{{{{{text[span.start : span.end]}}}}}{text[span.end :]}" == redacted
    )


def test_spans_stay_apart() -> None:
    text = "Brindle Car Park Larch Road"
    first, second = Finding(0, 7, Kind.LOCATION, 0.8), Finding(17, 27, Kind.ADDRESS, 0.8)
    done = complete(text, [first, second])
    assert [text[span.start : span.end] for span in done] == ["Brindle Car Park", "Larch Road"]
