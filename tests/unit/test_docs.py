"""Documentation is complete: every command and every setting can be found."""

from __future__ import annotations

import typer

from pipelines.cli import app
from pipelines.settings import REPOSITORY


def _commands() -> list[str]:
    group = typer.main.get_command(app)
    names = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        nested = getattr(command, "commands", None)
        names += [f"{name} {inner}" for inner in nested or ()]
        if not nested or getattr(command, "invoke_without_command", False):
            names.append(name)
    return names


def test_every_command_is_in_the_reference() -> None:
    text = (REPOSITORY / "docs" / "cli.md").read_text()
    missing = [name for name in _commands() if f"### `candour {name}" not in text]
    assert missing == []


def test_the_reference_names_no_command_that_is_not_there() -> None:
    text = (REPOSITORY / "docs" / "cli.md").read_text()
    headings = [line for line in text.splitlines() if line.startswith("### `candour ")]
    assert len(headings) == len(_commands())


def test_every_command_has_help() -> None:
    group = typer.main.get_command(app)
    assert all(command.help for command in group.commands.values())  # type: ignore[attr-defined]
