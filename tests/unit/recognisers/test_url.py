"""Links, and dots that are not."""

import pytest

from pipelines.deidentify.recognisers.url import Url
from tests.unit.recognisers.table import Finder, check

finder = Finder(Url())

ROWS = [
    "[[https://example.com/a?b=1&c=2]].",
    "see [[http://example.org]]",
    "([[https://www.example.com/x]])",
    "[[www.example.com]] is down",
    "[[example.co.uk/page]] has it",
    "[[youtu.be/abc123]]",
    "[[chat.whatsapp.com/AbC123]]",
    "[[hxxp://bad.example.com/x]]",
    "[[maps.google.com/?q=51.5,-0.1]]",
    "[[t.me/wexbylads]] is the group",
    "[[rota.wexby:8080/board]] is slow",
    "his firm's [[smithsgarage.uk]], look",
    "look at [[nhs.uk]]",
    "9 a.m/10 a.m",
    "ok.me too",
    "finished.he said",
    "e.g. this",
    "v1.2.3 is out",
    "Sgt.Khan",
    "on nights.uk wide",
]


@pytest.mark.parametrize("row", ROWS)
def test_finds_what_is_marked_and_nothing_else(row: str) -> None:
    check(finder, row)
