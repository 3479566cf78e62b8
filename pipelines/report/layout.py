"""The templates, and what every page of a release has in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from pipelines.release.open_data import descriptions
from pipelines.release.places import NATIONAL
from pipelines.report.findings import WHY, per_1000, period_name
from pipelines.report.pages import Content, latest_denominator

HERE = Path(__file__).resolve().parent
Link = tuple[str, str]
"""Where it leads and what it says."""


class _Compiled(BytecodeCache):
    """Templates as compiled: a process that verifies many releases compiles each once."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def environment(
    manifest: dict[str, Any], tables: Sequence[str], nav: Sequence[Link], method: str
) -> Environment:
    """Templates that know the release; ``method`` is the page that says how to read it."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    templates.filters.update(month=period_name, per_1000=per_1000)
    templates.globals.update(
        manifest=manifest,
        tables=[descriptions()[name.removesuffix(".csv")] for name in tables],
        nav=nav,
        method=method,
    )
    return templates


def with_content(templates: Environment, content: Content) -> None:
    """Let ``templates`` know every place, those with figures apart."""
    forces = [force for force in content.forces.values() if force.is_force]
    with_pages = [force for force in forces if content.has_figures(force.code)]
    templates.globals.update(
        content=content,
        months=content.months,
        places=(
            ("", [content.forces[NATIONAL]]),
            ("Regions", [place for place in content.forces.values() if place.members]),
            ("Forces", forces),
        ),
        forces=with_pages,
        silent=[force for force in forces if force not in with_pages],
        regions={f.name: f for f in content.forces.values() if f.members},
        latest={f.code: latest_denominator(content, f.code) for f in with_pages},
        why=WHY,
        NATIONAL=NATIONAL,
    )
