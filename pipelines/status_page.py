"""The operator's page of how the collection stands: ``runs/index.html`` in the home.

One file that loads nothing, drawn anew whenever a task ends.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.intake.inbox import make_private, replace
from pipelines.settings import Settings
from pipelines.status import collect_status
from pipelines.validate.page import PAGE


def draw_status(settings: Settings) -> Path:
    """Draw the page anew. Its path."""
    now = datetime.now(UTC)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("status_page.html.j2")
    make_private(settings.runs)
    drawn_at = now.isoformat(sep=" ", timespec="minutes")
    text = page.render(collect_status(settings, now), drawn_at=drawn_at)
    replace(settings.runs / PAGE, text)
    return settings.runs / PAGE
