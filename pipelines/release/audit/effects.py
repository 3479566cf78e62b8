"""Are the effects of a release made of its own published figures, and of nothing else?"""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

from pipelines.release.audit.close import are_close
from pipelines.release.effects import effects_made_of
from pipelines.release.rows import EffectRow, read_rows


def effects_are_made_of_figures(folder: Path) -> bool:
    """Whether ``effects.csv`` is what the other files of a release make, figures to their last
    digit.
    """
    said, made = read_rows(folder, EffectRow), effects_made_of(folder)
    return len(said) == len(made) and all(map(_is_same, said, made))


def _is_same(said: EffectRow, made: EffectRow) -> bool:
    figures, others = zip(*(_fields(row) for row in (said, made)), strict=True)
    return others[0] == others[1] and are_close(*figures)


def _fields(row: EffectRow) -> tuple[list[float | None], list[str | int]]:
    values = astuple(row)
    figures = [value for value in values if value is None or isinstance(value, float)]
    return figures, [value for value in values if isinstance(value, str | int)]
