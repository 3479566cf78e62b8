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
        table.add_row(name.replace("_", " "), _in_words(value))
    screen.print(table)


def _in_words(value: object) -> str:
    """Names and values after one another, what is nested within brackets."""
    if isinstance(value, list):
        return ", ".join(map(_in_words, value)) or "none"
    if isinstance(value, dict):
        parts = ((key, _in_words(inner), isinstance(inner, dict)) for key, inner in value.items())
        return ", ".join(
            f"{key} ({said})" if deep else f"{key} {said}" for key, said, deep in parts
        )
    return str(value)
