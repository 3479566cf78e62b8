"""The operator's page of how the collection stands: ``runs/index.html`` in the home.

One file that loads nothing, drawn anew whenever a task ends.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipelines.intake.inbox import make_private, replace
from pipelines.operator_page import render
from pipelines.settings import Settings
from pipelines.status import collect_status
from pipelines.validate.page import PAGE

TEMPLATE = Path(__file__).parent / "status_page.html.j2"


def draw_status(settings: Settings) -> Path:
    """Draw the page anew. Its path."""
    now = datetime.now(UTC)
    make_private(settings.runs)
    drawn_at = now.isoformat(sep=" ", timespec="minutes")
    text = render(TEMPLATE, **collect_status(settings, now), drawn_at=drawn_at)
    replace(settings.runs / PAGE, text)
    return settings.runs / PAGE
