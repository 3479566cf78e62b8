"""A hand-made release with its site, for the tests that open it in a browser."""

from __future__ import annotations

from pathlib import Path

from pipelines.release.publish import publish
from pipelines.report.derived import draw
from pipelines.settings import Approval, Settings
from tests.marts import make_marts, team
from tests.releases import audited

MET, CUMBRIA, LANCASHIRE = "E23000001", "E23000002", "E23000003"
NORTH_WEST = "E12000002"
KINDS = {
    "national": "index",
    "region": f"region-{NORTH_WEST}",
    "force": f"force-{MET}",
    "force without figures": f"force-{LANCASHIRE}",
    "forces compared": "compare",
    "training": "training",
    "methodology": "methodology",
    "downloads": "data",
}
"""A page of each kind; a private release's is in ``test_private_site.py``."""
MONTHS = [f"2026-{number:02d}" for number in range(1, 7)]


def make_site_release(home: Path) -> Path:
    """Six months. The Met publishes DISC but in March; Lancashire has too few people for any.

    Twelve of the Met's were challenged in each month but March, and of Cumbria's.
    """
    people = []
    for month in MONTHS:
        few = month == "2026-03"
        flagged = {"DISC": 4 if few else 25}
        people += team(MET, month, 40, 20, flagged, challenged=0 if few else 12)
        people += team(CUMBRIA, month, 30, 20, {"DISC": 25}, challenged=12)
        people += team(LANCASHIRE, month, 4, 20, {"DISC": 2})
    settings = Settings(home=home, approval=Approval.NONE)
    draft = audited(make_marts(people), MONTHS[-1], settings)
    draw(draft)
    return publish(draft, settings)
