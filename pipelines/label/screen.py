"""Draw the judging screen. A message appears here and nowhere else."""

from __future__ import annotations

import unicodedata

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipelines.classify.taxonomy import load_taxonomy
from pipelines.label.session import KEYS, View

MOST_CHARS = 1_500  # shown of one message, so that it fits a screen


def draw_view(console: Console, view: View) -> None:
    """Clear the screen and show one message with the keys."""
    console.clear()
    console.print(_layout(view))


def readable(text: str) -> str:
    """``text`` with what could steer a terminal taken out, and cut to what fits."""
    kept = "".join(c if c == "\n" or unicodedata.category(c) != "Cc" else "�" for c in text)
    return kept if len(kept) <= MOST_CHARS else kept[:MOST_CHARS] + " […]"


def _layout(view: View) -> RenderableType:
    title = f"{view.judged} of {view.total} judged · {view.item.kind}"
    message = Panel(Text(readable(view.item.text)), title=title, title_align="left")
    foot = "Enter: these · Space: none · u: undo · ?: definitions · q: stop, go on another day"
    return Group(message, _categories(view), Text(foot, "dim"), Text(view.note, "yellow"))


def _categories(view: View) -> Table:
    taxonomy = load_taxonomy()
    table = Table(show_header=False, box=None)
    for key, code in KEYS.items():
        category = taxonomy[code]
        told = f"{category.definition} Not: {category.exclude}" if view.help else category.name
        picked = code in view.picked
        table.add_row("●" if picked else " ", key, code, told, style="bold" if picked else "")
    return table
