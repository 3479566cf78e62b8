"""``docs/reference.md``: every command and option, and every setting, out of the code itself.

``python -m pipelines.reference --write`` makes the page; a test holds it to what is here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import typer
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from pipelines.cli import app
from pipelines.settings import REPOSITORY, Settings

PAGE = REPOSITORY / "docs" / "reference.md"
HEAD = """\
# Command-line reference

Every command, option and setting. Made from the code by `make reference`; do not edit. What each
command does and promises is in [the command line](cli.md).
"""
COMPUTED = {"stage_workers": "one a core", "home": "`var/` beside the code"}
"""Defaults that differ between machines, in words."""


def render() -> str:
    """The whole page."""
    commands = (_command(name, command) for name, command in commands_of(app))
    settings = "\n".join(_setting(name, field) for name, field in Settings.model_fields.items())
    return (
        HEAD
        + "\n## Commands\n\n"
        + "\n".join(commands)
        + "\n## Settings\n\nEach is an environment variable.\n\n"
        + "| setting | default | is |\n|---|---|---|\n"
        + settings
        + "\n"
    )


def commands_of(app: typer.Typer) -> list[tuple[str, Any]]:
    """Everything that can be run, as (``keys rotate``, its command), in the order of the help."""
    return list(_walk(typer.main.get_command(app), ""))


def options_of(command: Any) -> list[Any]:
    """What may be given to a command: its arguments first, then its options."""
    return sorted(command.params, key=_is_option)


def _walk(group: Any, above: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        if not inner or command.invoke_without_command:
            yield f"{above}{name}", command
        if inner:
            yield from _walk(command, f"{above}{name} ")


def _command(name: str, command: Any) -> str:
    rows = [_parameter(one) for one in options_of(command)]
    table = ["| given | default | is |", "|---|---|---|", *rows, ""] if rows else []
    usage = " ".join(["candour", name, *map(_usage, options_of(command))])
    lines = [f"### `candour {name}`", "", _prose(command.help), "", "```", usage, "```", "", *table]
    return "\n".join(lines)


def _prose(text: str) -> str:
    """Help text as it is written in the code, one paragraph a line."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _usage(one: Any) -> str:
    shown = f"{one.opts[-1]}{_value(one)}" if _is_option(one) else _metavar(one)
    return shown if one.required else f"[{shown}]"


def _parameter(one: Any) -> str:
    names = ", ".join(one.opts) + _value(one) if _is_option(one) else _metavar(one)
    return _row(f"`{names}`", _default(one), one.help)


def _is_option(one: Any) -> bool:
    return bool(one.param_type_name == "option")


def _metavar(one: Any) -> str:
    return str(one.name).upper()


def _value(one: Any) -> str:
    return "" if one.is_flag else f" {_metavar(one)}"


def _default(one: Any) -> str:
    if one.required:
        return "must be given"
    if getattr(one, "is_flag", False):
        return "off"
    return "none" if one.default in (None, "") else f"`{one.default}`"


def _setting(name: str, field: FieldInfo) -> str:
    return _row(f"`CANDOUR_{name.upper()}`", _setting_default(name, field), field.description or "")


def _setting_default(name: str, field: FieldInfo) -> str:
    if name in COMPUTED:
        return COMPUTED[name]
    assert field.default is not PydanticUndefined, f"say in COMPUTED what {name} is by default"
    if field.default in (None, "", ()):
        return "none"
    return f"`{field.default}`"


def _row(*cells: str) -> str:
    return f"| {' | '.join(_escape(cells))} |"


def _escape(cells: Iterable[str]) -> Iterator[str]:
    return (" ".join(cell.split()).replace("|", r"\|") for cell in cells)


if __name__ == "__main__":
    text = render()
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
