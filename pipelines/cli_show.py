"""How commands show their results: a table for people on standard error, JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

screen = Console(stderr=True)

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]


def show_json(value: object) -> None:
    """Print ``value`` on standard output."""
    Console().print_json(json.dumps(value))


def show_counts(title: str, counts: Mapping[str, object], as_json: bool = False) -> None:
    """Show names and values, one a line."""
    if as_json:
        show_json(counts)
        return
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in counts.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {count}" for key, count in value.items())
        table.add_row(name.replace("_", " "), str(value))
    screen.print(table)
